// The words of the wire, named once. Everything else imports them from here and never from the generated file.
import type { components } from './schema';

type Schemas = components['schemas'];

export type CargoLine = Schemas['CargoLine'];
export type Chapter = Schemas['Chapter'];
export type Done = Schemas['Done'];
export type Good = Schemas['Good'];
export type Harbour = Schemas['Harbour'];
export type Imported = Schemas['Imported'];
export type Keep = Schemas['Keep'];
export type Label = Schemas['Label'];
export type LedgerLine = Schemas['LedgerLine'];
export type Left = Schemas['Left'];
export type Leg = Schemas['Leg'];
export type Loan = Schemas['LoanView'];
export type LoanOffer = Schemas['LoanOffer'];
export type Market = Schemas['Market'];
export type Me = Schemas['Me'];
export type Moment = Schemas['Moment'];
export type MonthPlan = Schemas['MonthPlan'];
export type Notice = Schemas['Notice'];
export type PasskeyChallenge = Schemas['PasskeyChallenge'];
export type Passkeys = Schemas['Passkeys'];
export type Place = Schemas['Place'];
export type Plan = Schemas['Plan'];
export type Problem = Schemas['Problem'];
export type Progress = Schemas['Progress'];
export type Quote = Schemas['Quote'];
export type Reason = Schemas['Reason'];
export type ShipKind = Schemas['ShipKind'];
export type ShipOffer = Schemas['ShipOffer'];
export type Voyage = Schemas['VoyageView'];
export type Words = Schemas['Words'];
export type World = Schemas['World'];
export type WorldDate = Schemas['WorldDate'];
