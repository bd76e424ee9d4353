//! What each chapter asks.
//!
//! The sums of the first and the last are what a beginner can lose and the census of a decurion (Pliny, Letters 1.19).

use super::{
    Chapter,
    Condition::{
        self, Gain, Goods, Gravitas, Markets, Pages, PagesInOtium, Purse, Rest, Retreats, Sailed,
        Sale, Stay, Voyage, Winter,
    },
    Task, Words,
    stories::{
        CREDIT, FIRST_WIND, FOREIGN_SHORES, FORTUNE, GRAIN, GUEST_FRIENDS, HARBOUR,
        HOUSE_BY_THE_WATER, LEDGER, NAME, RETIREMENT, WINTER,
    },
};

const fn task(condition: Condition, en: &'static str, la: &'static str, it: &'static str) -> Task {
    Task { asks: Words { en, la, it }, condition }
}

pub const CHAPTERS: [Chapter; 12] = [
    Chapter {
        story: HARBOUR,
        negotium: task(
            Gain(25),
            "Earn 25 denarii by what you sell.",
            "Vendendo denarios XXV lucrare.",
            "Guadagna 25 denari con ciò che vendi.",
        ),
        otium: task(
            Pages(1),
            "Write 1 page of your journal.",
            "Ephemeridis paginam I scribe.",
            "Scrivi 1 pagina del tuo diario.",
        ),
    },
    Chapter {
        story: FIRST_WIND,
        negotium: task(
            Voyage(200),
            "Sail 200 Roman miles (296 km) in one voyage.",
            "Uno cursu milia passuum CC naviga.",
            "Naviga 200 miglia romane (296 km) in un solo viaggio.",
        ),
        otium: task(
            Rest(3),
            "Spend 3 days in otium.",
            "Dies III in otio consume.",
            "Passa 3 giorni in otium.",
        ),
    },
    Chapter {
        story: LEDGER,
        negotium: task(
            Goods(3),
            "Sell 3 different goods at a gain.",
            "Mercium genera III cum lucro vende.",
            "Vendi con guadagno 3 merci diverse.",
        ),
        otium: task(
            PagesInOtium(2),
            "Write 2 pages while in otium.",
            "Paginas II in otio scribe.",
            "Scrivi 2 pagine durante l’otium.",
        ),
    },
    Chapter {
        story: WINTER,
        negotium: task(
            Gain(300),
            "Earn 300 denarii by what you sell.",
            "Vendendo denarios CCC lucrare.",
            "Guadagna 300 denari con ciò che vendi.",
        ),
        otium: task(
            Winter(20),
            "While the sea is closed, spend 20 days in otium, and write of it there.",
            "Mari clauso dies XX in otio hiema, et ibi de eo scribe.",
            "A mare chiuso, sverna 20 giorni in otium, e lì scrivine.",
        ),
    },
    Chapter {
        story: GUEST_FRIENDS,
        negotium: task(
            Markets(4),
            "Sell in 4 harbours.",
            "In portibus IV vende.",
            "Vendi in 4 porti.",
        ),
        otium: task(
            Retreats(2),
            "Spend time in otium in 2 places.",
            "Locis II otium age.",
            "Vivi l’otium in 2 luoghi.",
        ),
    },
    Chapter {
        story: FOREIGN_SHORES,
        negotium: task(
            Sailed(2000),
            "Sail 2,000 Roman miles (2,960 km) in all.",
            "Omnino milia passuum MM naviga.",
            "Naviga in tutto 2.000 miglia romane (2.960 km).",
        ),
        otium: task(
            Pages(5),
            "Write 5 pages of your journal.",
            "Ephemeridis paginas V scribe.",
            "Scrivi 5 pagine del tuo diario.",
        ),
    },
    Chapter {
        story: CREDIT,
        negotium: task(
            Sale(1000),
            "Take in 1,000 denarii by one sale.",
            "Una venditione denarios M accipe.",
            "Incassa 1.000 denari in una sola vendita.",
        ),
        otium: task(
            Stay(15),
            "Stay in otium for 15 days on end.",
            "Dies XV continuos in otio mane.",
            "Resta in otium per 15 giorni di seguito.",
        ),
    },
    Chapter {
        story: HOUSE_BY_THE_WATER,
        negotium: task(
            Purse(6000),
            "Have 6,000 denarii in your purse.",
            "Denarium sex milia in loculis habe.",
            "Abbi 6.000 denari in borsa.",
        ),
        otium: task(
            Gravitas(20),
            "Gain 20 gravitas.",
            "Gravitatis XX adquire.",
            "Acquista 20 di gravitas.",
        ),
    },
    Chapter {
        story: GRAIN,
        negotium: task(
            Voyage(1000),
            "Sail 1,000 Roman miles (1,480 km) in one voyage.",
            "Uno cursu milia passuum M naviga.",
            "Naviga 1.000 miglia romane (1.480 km) in un solo viaggio.",
        ),
        otium: task(
            Rest(40),
            "Spend 40 days in otium.",
            "Dies XL in otio consume.",
            "Passa 40 giorni in otium.",
        ),
    },
    Chapter {
        story: FORTUNE,
        negotium: task(
            Gain(2000),
            "Earn 2,000 denarii by what you sell.",
            "Vendendo denarium duo milia lucrare.",
            "Guadagna 2.000 denari con ciò che vendi.",
        ),
        otium: task(
            PagesInOtium(6),
            "Write 6 pages while in otium.",
            "Paginas VI in otio scribe.",
            "Scrivi 6 pagine durante l’otium.",
        ),
    },
    Chapter {
        story: NAME,
        negotium: task(
            Markets(8),
            "Sell in 8 harbours.",
            "In portibus VIII vende.",
            "Vendi in 8 porti.",
        ),
        otium: task(
            Gravitas(60),
            "Gain 60 gravitas.",
            "Gravitatis LX adquire.",
            "Acquista 60 di gravitas.",
        ),
    },
    Chapter {
        story: RETIREMENT,
        negotium: task(
            Purse(25000),
            "Have 25,000 denarii (100,000 sesterces) in your purse.",
            "Sestertium centum milia (denarium XXV milia) in loculis habe.",
            "Abbi 25.000 denari (100.000 sesterzi) in borsa.",
        ),
        otium: task(
            Winter(60),
            "While the sea is closed, spend 60 days in otium, and write of it there.",
            "Mari clauso dies LX in otio hiema, et ibi de eo scribe.",
            "A mare chiuso, sverna 60 giorni in otium, e lì scrivine.",
        ),
    },
];
