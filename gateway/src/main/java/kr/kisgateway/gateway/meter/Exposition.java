package kr.kisgateway.gateway.meter;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The values of all meters as Prometheus reads them.
 *
 * @param contentType {@code text/plain} of Prometheus or {@code application/openmetrics-text}
 */
record Exposition(String contentType, byte[] text) {
    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    static Exposition of(PrometheusMeterRegistry registry, String accept) {
        String type = FORMATS.findWriter(accept).getContentType();
        var out = new ByteArrayOutputStream(1 << 18);
        try {
            registry.scrape(out, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Exposition(type, out.toByteArray());
    }
}
