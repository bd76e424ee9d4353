//! What the chapters tell, written for this game.

use super::{Story, Words};

pub(super) const HARBOUR: Story = Story {
    title: Words { en: "The Harbour", la: "Portus", it: "Il porto" },
    text: Words {
        en: "Ostia smells of pitch, wet rope and bread. My father left me three thousand denarii, \
            one ship and one sentence: whoever does nothing but count has nobody to count for. I \
            did not understand it; the gulls understood everything, and shouted it from the \
            mast. So I bought what was cheap here, because I had heard that it was dear \
            elsewhere, and that evening I wrote the first line of this book, so that somebody \
            might know that I had begun.",
        la: "Ostia picem olet et funes madidos et panem. Pater mihi tria milia denariorum \
            reliquit, navem unam, sententiam unam: qui tantum numerat, non habet cui numeret. \
            Quid hoc esset non intellegebam; gaviae omnia intellegebant et de malo clamabant. \
            Itaque emi quod hic vile erat, quia alibi carum esse audieram; eodemque vespere \
            primum huius libri versum scripsi, ut aliquis sciret me coepisse.",
        it: "Ostia sa di pece, di corde bagnate e di pane. Mio padre mi lasciò tremila denari, \
            una nave e una frase: chi non fa che contare non ha per chi contare. Non la capivo; \
            i gabbiani capivano tutto, e lo gridavano dall’albero. Così comprai ciò che qui \
            costava poco, perché avevo sentito che altrove costava molto, e quella sera scrissi \
            la prima riga di questo libro, perché qualcuno sapesse che avevo cominciato.",
    },
};

pub(super) const FIRST_WIND: Story = Story {
    title: Words { en: "The First Wind", la: "Ventus primus", it: "Il primo vento" },
    text: Words {
        en: "Out of sight of land there is nothing to do, and that is the hardest work. The \
            helmsman steers by a star whose name he will not tell me, for fear that I might need \
            him less. I asked him what he does in harbour. Nothing, he said, but properly. When \
            we had moored I tried it too: three days without a price in my head. On the third I \
            slept.",
        la: "Ubi terra e conspectu abiit, nihil est quod agas, neque quicquam laboriosius. \
            Gubernator stellam sequitur cuius nomen celat, ne minus eo egeam. Rogavi quid in \
            portu ageret. ‘Nihil,’ inquit, ‘sed recte.’ Nave religata idem temptavi: tres dies \
            sine ullo pretio in animo. Tertio dormivi.",
        it: "Quando la terra sparisce non c’è nulla da fare, ed è il lavoro più duro. Il \
            timoniere segue una stella di cui mi tace il nome, per paura che io abbia meno \
            bisogno di lui. Gli chiesi che cosa facesse in porto. Nulla, disse, ma per bene. \
            Ormeggiata la nave ci provai anch’io: tre giorni senza un prezzo in testa. Il terzo \
            dormii.",
    },
};

pub(super) const LEDGER: Story = Story {
    title: Words { en: "The Ledger", la: "Tabulae", it: "I conti" },
    text: Words {
        en: "A banker in Puteoli taught me to write everything twice: where it came from, and \
            where it went. If the two sides do not agree, he said, somebody is lying, and mostly \
            it is oneself. Since then I keep two books. In the one stand wine, glass and wool; \
            in the other what I thought while they were being loaded. So far they have never \
            come out equal.",
        la: "Argentarius Puteolanus me docuit omnia bis scribere: unde venissent, quo abissent. \
            ‘Si partes non congruunt,’ inquit, ‘aliquis mentitur, plerumque ipse qui scripsit.’ \
            Ex eo tempore duos codices habeo: in altero vinum, vitrum, lanam; in altero quid \
            senserim dum imponuntur. Adhuc numquam congruerunt.",
        it: "Un banchiere di Pozzuoli mi insegnò a scrivere ogni cosa due volte: da dove è venuta \
            e dove è andata. Se le due parti non tornano, diceva, qualcuno mente, e di solito \
            siamo noi. Da allora tengo due libri: in uno stanno vino, vetro e lana, nell’altro \
            ciò che pensavo mentre li caricavano. Finora non sono mai tornati pari.",
    },
};

pub(super) const WINTER: Story = Story {
    title: Words { en: "Winter", la: "Hiems", it: "L’inverno" },
    text: Words {
        en: "On the third day before the Ides of November the sea is shut. Nobody shuts it; one \
            simply finds no more men who will go. I took a room above the water, with a brazier \
            and a window, and for the first time a month had no destination. The storms went by \
            like other people’s business. In spring, they say, the ships will be where we left \
            them. It is the merchants who will have moved.",
        la: "Ante diem tertium Idus Novembres mare clauditur. Nemo claudit; desunt tantum qui \
            navigare velint. Cenaculum supra aquam conduxi cum foculo et fenestra, et tum primum \
            mensis quo tenderet non habebat. Tempestates praeteribant tamquam aliena negotia. \
            Vere, aiunt, naves ibi erunt ubi eas reliquimus; mercatores ipsi loco se moverint.",
        it: "Il terzo giorno prima delle Idi di novembre il mare si chiude. Nessuno lo chiude: \
            non si trova più chi voglia andare. Presi una stanza sull’acqua, con un braciere e \
            una finestra, e per la prima volta un mese non aveva meta. Le tempeste passavano \
            come affari altrui. A primavera, dicono, le navi saranno dove le abbiamo lasciate; \
            saranno i mercanti a essersi mossi.",
    },
};

pub(super) const GUEST_FRIENDS: Story = Story {
    title: Words { en: "Guest-Friends", la: "Hospites", it: "Gli ospiti" },
    text: Words {
        en: "In Massilia a man whom I had never seen broke a clay token in two and gave me half \
            of it. Whoever brings you the other half, he said, is your brother, even if he \
            smells of fish. I have four such halves now. They weigh nothing in the hold, no \
            customs man asks for his fortieth, and of all my goods they alone are worth more in \
            every harbour.",
        la: "Massiliae homo mihi ignotus tesseram fictilem fregit partemque dedit. ‘Qui alteram \
            attulerit,’ inquit, ‘frater tuus est, etiamsi piscem olet.’ Quattuor iam partes \
            habeo. Nihil in navi pendunt, nullus portitor quadragesimam petit, solaeque ex \
            omnibus mercibus in quoque portu pluris sunt.",
        it: "A Marsiglia un uomo mai visto spezzò in due una tessera d’argilla e me ne diede \
            metà. Chi ti porterà l’altra, disse, è tuo fratello, anche se sa di pesce. Ora ne ho \
            quattro. Nella stiva non pesano, nessun doganiere ne chiede la quarantesima, e di \
            tutte le mie merci sono le sole che valgano di più in ogni porto.",
    },
};

pub(super) const FOREIGN_SHORES: Story = Story {
    title: Words { en: "Foreign Shores", la: "Litora aliena", it: "Rive straniere" },
    text: Words {
        en: "At the far end of the sea they ask where I come from, and when I say Rome they ask: \
            which village is that? A woman who sold dates laughed at my weights, and hers were \
            the better ones. I have written down eleven words of her language. Three mean rope, \
            one means thank you. It is not much, but I have crossed seas for less.",
        la: "In extremo mari rogant unde sim; cum Roma me venire respondi, ‘Qui vicus,’ inquiunt, \
            ‘iste est?’ Mulier quae palmulas vendebat pondera mea risit, et ipsius meliora \
            erant. Undecim verba linguae eius notavi: tria funem significant, unum gratias. Non \
            multum est, sed ob minora maria transii.",
        it: "In fondo al mare mi chiedono da dove vengo, e quando dico Roma domandano: che \
            villaggio è? Una donna che vendeva datteri rise dei miei pesi, e i suoi erano \
            migliori. Ho annotato undici parole della sua lingua: tre vogliono dire corda, una \
            grazie. Non è molto, ma ho traversato mari per meno.",
    },
};

pub(super) const CREDIT: Story = Story {
    title: Words { en: "Credit", la: "Fides", it: "La fiducia" },
    text: Words {
        en: "Today I sold a whole hold to a man who could not pay before the Kalends. He gave me \
            his hand; I gave him all I had. My clerk did not speak to me for a day. It is called \
            fides, and it has a temple on the Capitol; but it lives in the time between the hand \
            and the money, and there one had better have learned to wait.",
        la: "Hodie totum onus homini vendidi qui ante Kalendas solvere non poterat. Dextram ille \
            dedit, ego quidquid habebam. Scriba totum diem mecum locutus non est. Fides vocatur, \
            et templum in Capitolio habet; habitat autem inter dextram et nummos, ibique \
            exspectare didicisse oportet.",
        it: "Oggi ho venduto un carico intero a un uomo che prima delle calende non poteva \
            pagare. Lui mi ha dato la mano, io tutto quello che avevo. Il mio scrivano non mi ha \
            parlato per un giorno. Si chiama fides e ha un tempio sul Campidoglio; ma abita nel \
            tempo fra la mano e il denaro, e lì conviene aver imparato ad aspettare.",
    },
};

pub(super) const HOUSE_BY_THE_WATER: Story = Story {
    title: Words { en: "The House by the Water", la: "Villa", it: "La casa sull’acqua" },
    text: Words {
        en: "I have rented three rooms, a fig tree and a piece of wall that the sun is fond of. \
            My neighbour, a retired centurion, came over on the first evening to see whether I \
            was anybody. We found that I was not, and since then he comes every day. We talk \
            about bees. In town they have begun to greet me first, and I cannot find out what I \
            have done, unless it is that I was away.",
        la: "Tria conclavia conduxi, ficum, parietis partem quam sol amat. Vicinus, centurio \
            veteranus, primo vespere venit visurus an aliquis essem. Constitit me neminem esse, \
            et ex eo cotidie venit. De apibus loquimur. In urbe me priores salutare coeperunt; \
            quid fecerim reperire nequeo, nisi quod afui.",
        it: "Ho preso in affitto tre stanze, un fico e un pezzo di muro che piace al sole. Il \
            vicino, un centurione a riposo, venne la prima sera a vedere se fossi qualcuno. \
            Stabilimmo di no, e da allora viene ogni giorno. Parliamo di api. In città hanno \
            cominciato a salutarmi per primi, e non riesco a capire che cosa abbia fatto, se non \
            che non c’ero.",
    },
};

pub(super) const GRAIN: Story = Story {
    title: Words { en: "The Grain", la: "Annona", it: "L’annona" },
    text: Words {
        en: "Two hundred thousand people in Rome eat bread that they have not paid for, and none \
            of them knows the Nile. Now I have brought my share of it: forty days of sea, in \
            sacks. When we came alongside the quay nobody cheered. A clerk pushed a rod into the \
            wheat, looked at it and said: dry. Magistrates have praised me since, and it was \
            less.",
        la: "Ducenta milia hominum Romae panem edunt quem non emerunt, neque quisquam eorum Nilum \
            novit. Nunc et ego partem advexi: quadraginta dies maris in saccis. Cum ad \
            crepidinem appulissemus, nemo plausit. Scriba virgam in triticum demisit, inspexit, \
            ‘Siccum,’ inquit. Postea magistratus me laudaverunt, et minus erat.",
        it: "A Roma duecentomila persone mangiano pane che non hanno pagato, e nessuna di loro \
            conosce il Nilo. Ora ne ho portato la mia parte: quaranta giorni di mare, in sacchi. \
            Quando accostammo al molo nessuno applaudì. Uno scrivano infilò un’asta nel grano, \
            la guardò e disse: asciutto. Poi mi hanno lodato dei magistrati, ed era di meno.",
    },
};

pub(super) const FORTUNE: Story = Story {
    title: Words { en: "Fortune", la: "Fortuna", it: "La fortuna" },
    text: Words {
        en: "This year I lost an anchor, a wager and a friend: in that order by expense, and in \
            the other by loss. The ledger has a line for the anchor. Fortune stands in the forum \
            with her rudder on a globe, and everybody touches her foot, which has grown quite \
            bright. I did not touch it. I sold well, went home early, and wrote until the lamp \
            had no more oil, about one who will not read it.",
        la: "Hoc anno ancoram, sponsionem, amicum amisi: hoc ordine si sumptum computas, \
            contrario si damnum. Ancora in tabulis locum habet. Fortuna in foro stat gubernaculo \
            orbi imposito; pedem eius omnes tangunt, qui iam nitet. Ego non tetigi. Bene \
            vendidi, mature domum redii, et donec oleum lucernae defecit scripsi de eo qui non \
            leget.",
        it: "Quest’anno ho perso un’ancora, una scommessa e un amico: in quest’ordine quanto alla \
            spesa, nell’altro quanto alla perdita. Nei conti l’ancora ha la sua riga. La Fortuna \
            sta nel foro con il timone sul globo, e tutti le toccano il piede, che ormai \
            luccica. Io non l’ho toccato. Ho venduto bene, sono tornato presto a casa e ho \
            scritto, finché la lampada ebbe olio, di uno che non leggerà.",
    },
};

pub(super) const NAME: Story = Story {
    title: Words { en: "The Name", la: "Nomen", it: "Il nome" },
    text: Words {
        en: "In Gades a boy on the quay called my ship by her name before he could have read it. \
            I asked him how he knew. Everybody knows her, he said; she is the one whose owner \
            does nothing all winter. So that is what will be left: not the wine, not the silver, \
            but eight harbours in which they tell of a man who sat by the sea. I find that I do \
            not mind.",
        la: "Gadibus puer in crepidine navem meam nomine vocavit priusquam legere posset. Rogavi \
            unde nosset. ‘Omnes,’ inquit, ‘norunt: ea est cuius dominus tota hieme nihil agit.’ \
            Hoc igitur supererit: non vinum, non argentum, sed octo portus in quibus narrant de \
            homine qui ad mare sedebat. Non moleste fero.",
        it: "A Cadice un ragazzo sul molo chiamò la mia nave per nome prima di poterlo leggere. \
            Gli chiesi come la conoscesse. La conoscono tutti, disse: è quella del padrone che \
            d’inverno non fa nulla. Ecco dunque che cosa resterà: non il vino, non l’argento, ma \
            otto porti in cui si racconta di un uomo che sedeva davanti al mare. Scopro che non \
            mi dispiace.",
    },
};

pub(super) const RETIREMENT: Story = Story {
    title: Words { en: "Retirement", la: "Rus", it: "Il ritiro" },
    text: Words {
        en: "A hundred thousand sesterces make a man a councillor in a small town, and a small \
            town is what I have been sailing round in all these years. The ship goes to the \
            helmsman, who has told me the name of the star at last. My father’s sentence hangs \
            above the door. I have counted, and now I know for whom: for the one who sits here \
            in the evening, reads these pages, and does not need them to come out equal.",
        la: "Centum milia sestertium in oppido parvo decurionem faciunt, et parvum oppidum est \
            quod tot annos circumnavigavi. Navem gubernator habebit, qui mihi tandem nomen \
            stellae dixit. Sententia patris supra ianuam pendet. Numeravi, et cui numeraverim \
            iam scio: ei qui hic vesperi sedet, has paginas legit, neque eas congruere postulat.",
        it: "Centomila sesterzi fanno di un uomo un decurione in una piccola città, e una piccola \
            città è quella a cui ho girato intorno in tutti questi anni. La nave va al \
            timoniere, che finalmente mi ha detto il nome della stella. La frase di mio padre \
            pende sopra la porta. Ho contato, e ora so per chi: per quello che siede qui la \
            sera, legge queste pagine, e non ha bisogno che tornino pari.",
    },
};
