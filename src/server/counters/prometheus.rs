//! Converts metrics from the text format of OpenMetrics to that of Prometheus, version 0.0.4.

/// Returns the same metrics in the older format. It names counters with their suffix `_total`, and has neither the type
/// `info`, nor units, nor a mark at the end.
/// See <https://prometheus.io/docs/instrumenting/exposition_formats/>.
pub(in crate::server) fn prometheus_text(open_metrics: &str) -> String {
    let mut text = String::with_capacity(open_metrics.len());
    // `HELP` comes before `TYPE`, which decides about the name of both.
    let mut help = "";
    for line in open_metrics.lines() {
        if line.starts_with("# HELP ") {
            help = line;
        } else if let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) {
            let (suffix, kind) = match kind {
                "counter" => ("_total", kind),
                "info" => ("_info", "gauge"),
                _ => ("", kind),
            };
            let words = help.strip_prefix("# HELP ").and_then(|rest| rest.strip_prefix(name)).unwrap_or_default();
            crate::text::push!(text, "# HELP {name}{suffix}{words}\n# TYPE {name}{suffix} {kind}\n");
        } else if !line.starts_with('#') {
            text.push_str(line);
            text.push('\n');
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_infos_are_named_with_their_suffix() {
        let open_metrics = "# HELP a_x Things: a, b.\n# TYPE a_x counter\n# UNIT a_x bytes\na_x_total{l=\"# TYPE\"} 1\n\
                            # HELP b Build.\n# TYPE b info\nb_info{v=\"1\"} 1\n\
                            # HELP g Gauge.\n# TYPE g gauge\ng 2.5\n# EOF\n";
        assert_eq!(
            prometheus_text(open_metrics),
            "# HELP a_x_total Things: a, b.\n# TYPE a_x_total counter\na_x_total{l=\"# TYPE\"} 1\n\
             # HELP b_info Build.\n# TYPE b_info gauge\nb_info{v=\"1\"} 1\n\
             # HELP g Gauge.\n# TYPE g gauge\ng 2.5\n"
        );
    }
}
