package kr.kisgateway.gateway.trace.otlp;

import java.net.URI;
import java.util.Map;
import kr.kisgateway.client.Secret;

/**
 * Where spans go.
 *
 * @param endpoint complete address of the collector, such as {@code http://127.0.0.1:4318/v1/traces}
 * @param headers sent with each request to it
 * @param share of the traces that are recorded, from 0 to 1, where the caller does not decide
 * @param resource what the spans are of, by OpenTelemetry's names
 */
public record ExportSettings(URI endpoint, Map<String, Secret> headers, double share, Map<String, String> resource) {
    public ExportSettings {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }
}
