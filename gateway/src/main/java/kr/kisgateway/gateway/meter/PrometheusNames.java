package kr.kisgateway.gateway.meter;

import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names as Prometheus has them: {@code kis_gateway_} before the gateway's own, which would else meet those of other programs.
 * Those of the Java machine and the process have the names that the usual dashboards read.
 */
final class PrometheusNames extends PrometheusNamingConvention {
    private static final String PREFIX = "kis.gateway.";
    private static final List<String> OF_EVERY_PROGRAM = List.of("jvm.", "process.", "system.");

    @Override
    public String name(String name, Meter.Type type, @Nullable String baseUnit) {
        boolean common = OF_EVERY_PROGRAM.stream().anyMatch(name::startsWith);
        return super.name(common ? name : PREFIX + name, type, baseUnit);
    }
}
