// The words of passkeys: adding them, and coming back with one.
const en = {
  'passkey.return': 'Return with a passkey',
  'passkey.title': 'Passkeys',
  'passkey.text':
    'A passkey opens this life in the place of your twelve words: with a finger, your face or a PIN, on a device of yours.',
  'passkey.none': 'None yet.',
  'passkey.since': 'added on {date}',
  'passkey.name': 'Name of the new passkey',
  'passkey.add': 'Add a passkey',
  'passkey.full': 'A life has at most {n} passkeys. Remove one to add another.',
  'passkey.unable': 'This browser cannot make passkeys.',
  'passkey.remove': 'Remove',
  'passkey.remove.one': 'Remove {name}',
  'passkey.remove.sure': '{name} will open nothing any more. Remove it?',
  'passkey.remove.yes': 'Yes, remove it',
  'passkey.remove.no': 'No, keep it',
  'passkey.busy': 'Your device is asking you…',
  'passkey.added': 'The passkey has been added.',
  'passkey.removed': 'The passkey has been removed.',
  'passkey.cancelled': 'No passkey was given, and nothing has changed.',
  'passkey.known': 'This device has a passkey of this life already.',
  'passkey.failed': 'This device could not do it. Try another way.',
} as const;

export type PasskeyKey = keyof typeof en;

const la: Record<PasskeyKey, string> = {
  'passkey.return': 'Redi cum clave',
  'passkey.title': 'Claves',
  'passkey.text':
    'Clavis (passkey) hanc vitam pro duodecim verbis aperit: digito, vultu aut numero arcano, in instrumento tuo.',
  'passkey.none': 'Nulla adhuc.',
  'passkey.since': 'addita die {date}',
  'passkey.name': 'Nomen novae clavis',
  'passkey.add': 'Clavem adde',
  'passkey.full': 'Vita claves non plures quam {n} habet. Unam tolle, ut aliam addas.',
  'passkey.unable': 'Hoc instrumentum claves facere non potest.',
  'passkey.remove': 'Tolle',
  'passkey.remove.one': 'Tolle: {name}',
  'passkey.remove.sure': 'Clavis cui nomen est {name} nihil iam aperiet. Visne eam tollere?',
  'passkey.remove.yes': 'Ita, tolle',
  'passkey.remove.no': 'Minime, serva',
  'passkey.busy': 'Instrumentum tuum te rogat…',
  'passkey.added': 'Clavis addita est.',
  'passkey.removed': 'Clavis sublata est.',
  'passkey.cancelled': 'Nulla clavis data est, nec quicquam mutatum est.',
  'passkey.known': 'Hoc instrumentum clavem huius vitae iam habet.',
  'passkey.failed': 'Hoc instrumentum id facere non potuit. Aliam viam tempta.',
};

const it: Record<PasskeyKey, string> = {
  'passkey.return': 'Torna con una passkey',
  'passkey.title': 'Passkey',
  'passkey.text':
    'Una passkey apre questa vita al posto delle tue dodici parole: con un dito, il volto o un PIN, su un tuo dispositivo.',
  'passkey.none': 'Ancora nessuna.',
  'passkey.since': 'aggiunta il {date}',
  'passkey.name': 'Nome della nuova passkey',
  'passkey.add': 'Aggiungi una passkey',
  'passkey.full': 'Una vita ha al massimo {n} passkey. Togline una per aggiungerne un’altra.',
  'passkey.unable': 'Questo browser non può creare passkey.',
  'passkey.remove': 'Togli',
  'passkey.remove.one': 'Togli {name}',
  'passkey.remove.sure': '{name} non aprirà più nulla. Vuoi toglierla?',
  'passkey.remove.yes': 'Sì, toglila',
  'passkey.remove.no': 'No, tienila',
  'passkey.busy': 'Il tuo dispositivo ti sta chiedendo…',
  'passkey.added': 'La passkey è stata aggiunta.',
  'passkey.removed': 'La passkey è stata tolta.',
  'passkey.cancelled': 'Nessuna passkey è stata data, e nulla è cambiato.',
  'passkey.known': 'Questo dispositivo ha già una passkey di questa vita.',
  'passkey.failed': 'Questo dispositivo non ci è riuscito. Prova un’altra via.',
};

export const passkeys = { en, la, it };
