//! Language tags that the W3C validator accepts.

use std::sync::Arc;

use super::nearest;

/// The primary subtags that the W3C validator accepts: an older version of ISO 639-1 and 639-2, separated
/// by spaces.
/// See docs/decisions/validity.md#g10-languages.
const KNOWN: &str = "\
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz \
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik \
    io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml \
    mn mo mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc \
    sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz \
    ve vi vo wa wo xh yi yo za zh zu aar abk ace ach ada ady afa afh afr ain aka akk alb ale alg alt amh ang \
    anp apa ara arc arg arm arn arp art arw asm ast ath aus ava ave awa aym aze bad bai bak bal bam ban baq \
    bas bat bej bel bem ben ber bho bih bik bin bis bla bnt bod bos bra bre btk bua bug bul bur byn cad cai \
    car cat cau ceb cel ces cha chb che chg chi chk chm chn cho chp chr chu chv chy cmc cop cor cos cpe cpf \
    cpp cre crh crp csb cus cym cze dak dan dar day del den deu dgr din div doi dra dsb dua dum dut dyu dzo \
    efi egy eka ell elx eng enm epo est eus ewe ewo fan fao fas fat fij fil fin fiu fon fra fre frm fro frr \
    frs fry ful fur gaa gay gba gem geo ger gez gil gla gle glg glv gmh goh gon gor got grb grc gre grn gsw \
    guj gwi gws hai hat hau haw heb her hil him hin hit hmn hmo hrv hsb hun hup hye iba ibo ice ido iii ijo \
    iku ile ilo ina inc ind ine inh ipk ira iro isl ita jav jbo jpn jpr jrb kaa kab kac kal kam kan kar kas \
    kat kau kaw kaz kbd kha khi khm kho kik kin kir kmb kok kom kon kor kos kpe krc krl kro kru kua kum kur \
    kut lad lah lam lao lat lav lez lim lin lit lol loz ltz lua lub lug lui lun luo lus mac mad mag mah mai \
    mak mal man mao map mar mas may mdf mdr men mga mic min mis mkd mkh mlg mlt mnc mni mno moh mol mon mos \
    mri msa mul mun mus mwl mwr mya myn myv nah nai nap nau nav nbl nde ndo nds nep new nia nic niu nld nno \
    nob nog non nor nso nub nwc nya nym nyn nyo nzi oci oji ori orm osa oss ota oto paa pag pal pam pan pap \
    pau peo per phi phn pli pol pon por pra pro pus qaa qtz que raj rap rar roa roh rom ron rum run rup rus \
    sad sag sah sai sal sam san sas sat scc scn sco scr sel sem sga sgn shn sid sin sio sit sla slk slo slv \
    sma sme smi smj smn smo sms sna snd snk sog som son sot spa sqi srd srn srp srr ssa ssw suk sun sus sux \
    swa swe syr tah tai tam tat tel tem ter tet tgk tgl tha tib tig tir tiv tkl tlh tli tmh tog ton tpi tsi \
    tsn tso tuk tum tup tur tut tvl twi tyv udm uga uig ukr umb und urd uzb vai ven vie vol vot wak wal war \
    was wel wen wln wol xal xho yao yap yid yor ypk zap zen zha zho znd zul zun";

/// A language tag that the W3C validator accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Language(Arc<str>);

impl Language {
    /// Parses a language tag and normalises hyphens and letter case: `zh_cn` becomes `zh-CN`. Returns
    /// `None` for text that is not a tag, such as `english`, and for languages that the validator does not
    /// know.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // Languages that are missing from the validator's list, with their replacements.
        const REPLACED: &[(&str, &str)] = &[
            ("iw", "he"),
            ("in", "id"),
            ("ji", "yi"),
            // Chinese languages have newer codes, which the list lacks.
            ("cmn", "zh"),
            ("yue", "zh"),
            ("wuu", "zh"),
            ("nan", "zh"),
            ("hak", "zh"),
            ("gan", "zh"),
            ("cn", "zh"),
            ("jp", "ja"),
            ("kr", "ko"),
            ("cz", "cs"),
        ];
        let text = text.trim();
        let text = text.split('.').next().unwrap_or(text);
        let mut tag = String::new();
        for (position, part) in text.split(['-', '_']).enumerate() {
            if part.is_empty() || part.len() > 8 || !part.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return None;
            }
            let lower = part.to_ascii_lowercase();
            if position == 0 {
                let primary = REPLACED.iter().find(|(old, _)| *old == lower).map_or(&*lower, |(_, new)| new);
                if !KNOWN.split(' ').any(|known| known == primary) {
                    return None;
                }
                tag.push_str(primary);
            } else {
                tag.push('-');
                match part.len() {
                    2 => tag.push_str(&part.to_ascii_uppercase()),
                    4 if lower.bytes().all(|b| b.is_ascii_lowercase()) => {
                        tag.push_str(&lower[..1].to_ascii_uppercase());
                        tag.push_str(&lower[1..]);
                    }
                    _ => tag.push_str(&lower),
                }
            }
        }
        Some(Self(tag.into()))
    }

    /// Returns the code that was probably meant by text that is not a tag: the name of a language, in its own spelling or in
    /// English, perhaps misspelled, or the code of a country.
    pub(crate) fn meant(text: &str) -> Option<&'static str> {
        const NAMES: &[(&str, &str)] = &[
            ("arabic", "ar"),
            ("chinese", "zh"),
            ("中文", "zh-CN"),
            ("简体中文", "zh-CN"),
            ("繁體中文", "zh-TW"),
            ("dutch", "nl"),
            ("nederlands", "nl"),
            ("english", "en"),
            ("french", "fr"),
            ("français", "fr"),
            ("german", "de"),
            ("deutsch", "de"),
            ("greek", "el"),
            ("gr", "el"),
            ("hindi", "hi"),
            ("indonesian", "id"),
            ("italian", "it"),
            ("italiano", "it"),
            ("japanese", "ja"),
            ("日本語", "ja"),
            ("korean", "ko"),
            ("한국어", "ko"),
            ("polish", "pl"),
            ("polski", "pl"),
            ("portuguese", "pt"),
            ("português", "pt"),
            ("russian", "ru"),
            ("русский", "ru"),
            ("spanish", "es"),
            ("español", "es"),
            ("swedish", "sv"),
            ("turkish", "tr"),
            ("ukrainian", "uk"),
            ("vietnamese", "vi"),
            ("dk", "da"),
            ("us", "en-US"),
            ("gb", "en-GB"),
        ];
        let text = text.trim().to_lowercase();
        // A code of two or three letters is near to many others.
        let name = if text.len() > 3 { nearest(&text, NAMES.iter().map(|(name, _)| *name))? } else { &*text };
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, code)| *code)
    }

    /// Returns `und`, the tag of an unknown language (RFC 5646).
    pub(crate) fn undetermined() -> Self {
        Self("und".into())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_tags_are_normalised_or_rejected() {
        let tag = |text| Language::parse(text).map(|language| language.as_str().to_owned());
        assert_eq!(tag("zh_cn").unwrap(), "zh-CN");
        assert_eq!(tag("zh-hant-tw").unwrap(), "zh-Hant-TW");
        assert_eq!(tag("en_US.UTF-8").unwrap(), "en-US");
        assert_eq!(tag("iw").unwrap(), "he");
        assert_eq!(tag("yue-HK").unwrap(), "zh-HK");
        assert_eq!(tag("fil").unwrap(), "fil");
        for unknown in ["english", "xyz", "qq", "x-klingon", "i-default", "*", "en, fr", "中文"] {
            assert_eq!(tag(unknown), None, "{unknown}");
        }
        assert_eq!(tag(""), None);
    }

    #[test]
    fn a_name_or_a_country_suggests_the_code_of_a_language() {
        for (text, code) in [("English", "en"), ("Englisch", "en"), ("deutsh", "de"), ("日本語", "ja"), ("GB", "en-GB")]
        {
            assert_eq!(Language::meant(text), Some(code), "{text}");
        }
        assert_eq!(Language::meant("klingonese"), None);
    }
}
