//! Portuguese, where the usage in Portugal differs from that in Brazil.

use super::{Words, plural, portuguese};

pub(super) const WORDS: Words = Words {
    languages: &["pt-PT", "pt-AO", "pt-MZ"],
    skip: "Saltar para o conteúdo",
    web_site: "Sítio Web",
    subscribe: "Subscrever",
    subscribe_to: "Subscrever {}",
    what_a_feed_is: "Um feed traz até si os novos artigos. Clique num endereço para o selecionar, copie\u{2011}o para o seu leitor de feeds ou abra\u{2011}o nele; não é preciso ter conta.",
    this_is_a_feed: "Isto é um feed, feito para leitores de feeds. Copie o endereço desta página para um deles e os novos artigos chegarão até si.",
    open_in_reader: "Abrir num leitor de feeds",
    tags: ["Etiquetas", "Todas as etiquetas"],
    everything: [
        "Todos os feeds de uma vez",
        "Um único ficheiro enumera todos os feeds deste sítio. Importe\u{2011}o no seu leitor para os seguir a todos.",
        "Transferir o ficheiro OPML",
    ],
    plural: plural::one_or_more,
    first: "1",
    ..portuguese::WORDS
};
