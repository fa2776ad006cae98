package kr.kisgateway.gateway.aegis;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.Predicate;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.version.ApiVersions;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.meter.ApiUsage;

/** {@code /v1/versions}. */
final class VersionRoutes {
    private final VersionTable table;
    private final ApiUsage usage;
    private final Predicate<String> isOn;

    /** @param isOn whether the version of a name is answered now */
    VersionRoutes(VersionTable table, ApiUsage usage, Predicate<String> isOn) {
        this.table = table;
        this.usage = usage;
        this.isOn = isOn;
    }

    void register(RouteTable routes) {
        routes.get(Role.QUOTE, "/v1/versions", call -> call.answer(versions()));
    }

    private ApiVersions versions() {
        long all = table.entries().stream()
                .mapToLong(entry -> usage.calls(entry.name()))
                .sum();
        return new ApiVersions(
                table.entries().stream().map(entry -> version(entry, all)).toList());
    }

    private ApiVersions.Version version(VersionTable.Entry entry, long all) {
        long calls = usage.calls(entry.name());
        return new ApiVersions.Version(
                entry.name(),
                entry.version(),
                entry.path(),
                isOn.test(entry.name()),
                entry.deprecated(),
                entry.sunset(),
                calls,
                share(calls, all),
                usage.lastCallMillis(entry.name()));
    }

    private static BigDecimal share(long calls, long all) {
        return all == 0
                ? BigDecimal.ZERO.setScale(1)
                : BigDecimal.valueOf(calls).movePointRight(2).divide(BigDecimal.valueOf(all), 1, RoundingMode.HALF_UP);
    }
}
