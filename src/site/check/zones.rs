//! Validates `time_zone` and `zones` of site.yaml: the zone of dates without one, and the offsets of short names such
//! as CST.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::SiteCheck;
use crate::generator::GeneratorSettings;
use crate::syntax::date::Zones;

impl SiteCheck<'_> {
    /// Returns the zone of dates without one, and the offsets of short names.
    pub(super) fn zones(&mut self, generator_settings: &GeneratorSettings) -> Zones {
        let mut zone = Tz::UTC;
        if let Some(text) = self.written.file.time_zone.clone() {
            match text.trim().parse() {
                Ok(known) => zone = known,
                Err(_) => {
                    self.wrong("time_zone", format!("there is no time zone `{text}`"), "such as Asia/Shanghai or UTC");
                }
            }
        } else if let Some(known) = generator_settings.time_zone.as_ref().and_then(|text| text.trim().parse().ok()) {
            zone = known;
        }
        let mut named = BTreeMap::new();
        for (name, offset) in self.written.file.zones.clone().unwrap_or_default() {
            match Zones::offset(&offset) {
                Some(offset) => {
                    named.insert(name, offset);
                }
                None => self.wrong(
                    &format!("zones.{name}"),
                    format!("`{offset}` is not a UTC offset"),
                    "such as \"+08:00\", in quotes",
                ),
            }
        }
        Zones { default: zone, named }
    }
}
