package kr.kisgateway.gateway.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingForms;

/** Reads the settings of logs and traces. */
final class ObservationSettings {
    private static final long FILE_BYTES_MIN = 1L << 20;
    private static final long FILE_BYTES_MAX = 1L << 30;
    private static final int KEEP_DAYS_MAX = 3_650;
    private static final int HEADERS_MAX = 16;
    private static final String TRACES = "/v1/traces";
    private static final Pattern SHARE = Pattern.compile("0|1|1\\.0{1,6}|0?\\.\\d{1,6}");
    private static final Pattern HEADER = Pattern.compile("([A-Za-z0-9-]{1,64})=([ -+\\--~]{1,4096})");

    private final SettingForms forms;

    ObservationSettings(SettingForms forms) {
        this.forms = forms;
    }

    Settings.Logs logs() {
        long file = forms.bytes(Setting.LOG_FILE_SIZE);
        long total = forms.bytes(Setting.LOG_TOTAL_SIZE);
        if (file < FILE_BYTES_MIN || file > FILE_BYTES_MAX) {
            forms.problem("LOG_FILE_SIZE must be a size from 1MB to 1GB.");
        } else if (total < 2 * file) {
            forms.problem("LOG_TOTAL_SIZE must be at least twice LOG_FILE_SIZE.");
        }
        return new Settings.Logs(
                forms.choice(Setting.LOG_FORMAT, List.of("text", "json")).equals(Optional.of("json")),
                file,
                forms.count(Setting.LOG_KEEP_DAYS, KEEP_DAYS_MAX).orElseThrow(),
                total);
    }

    Settings.Tracing tracing() {
        var endpoint = endpoint();
        var headers = headers();
        if (!headers.isEmpty()
                && endpoint.filter(it -> it.getScheme().equals("http") && !SettingForms.isThisMachine(it))
                        .isPresent()) {
            forms.problem(
                    "TRACING_HEADERS would be sent in the clear: TRACING_ENDPOINT must be https, or this machine.");
        }
        return new Settings.Tracing(endpoint, share(), headers, forms.flag(Setting.KIS_TRACE_HEADER));
    }

    private Optional<URI> endpoint() {
        Optional<String> text = forms.text(Setting.TRACING_ENDPOINT);
        Optional<URI> address = text.flatMap(ObservationSettings::address);
        if (text.isPresent() && address.isEmpty()) {
            forms.problem("TRACING_ENDPOINT must be the http or https address of a collector, as http://127.0.0.1:4318,"
                    + " without user, query and fragment.");
        }
        return address;
    }

    private static Optional<URI> address(String text) {
        try {
            var plain = text.strip().replaceFirst("/+$", "");
            var uri = new URI(plain);
            boolean isHttp = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!isHttp
                    || uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                return Optional.empty();
            }
            return Optional.of(uri.getRawPath().isEmpty() ? new URI(plain + TRACES) : uri);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private double share() {
        var text = forms.effective(Setting.TRACING_SAMPLE).orElse("1").strip();
        if (!SHARE.matcher(text).matches()) {
            forms.problem("TRACING_SAMPLE must be a share from 0 to 1, as 0.1.");
            return 1;
        }
        return Double.parseDouble(text);
    }

    /** Names and values as {@code Authorization=Bearer abc,X-Tenant=7}. */
    private Map<String, Secret> headers() {
        var headers = new LinkedHashMap<String, Secret>();
        for (var part : forms.text(Setting.TRACING_HEADERS)
                .map(text -> text.split(",", -1))
                .orElse(new String[0])) {
            var header = HEADER.matcher(part.strip());
            if (!header.matches()
                    || headers.put(header.group(1).toLowerCase(Locale.ROOT), Secret.of(header.group(2))) != null
                    || headers.size() > HEADERS_MAX) {
                forms.problem("TRACING_HEADERS must be up to " + HEADERS_MAX
                        + " different headers as Authorization=Bearer abc,X-Tenant=7.");
                return Map.of();
            }
        }
        return headers;
    }
}
