package kr.kisgateway.gateway.settings;

import java.util.Optional;
import java.util.function.Supplier;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.operations.EffectiveSettings;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;

/** {@code GET /v1/ops/settings}. */
public final class SettingsRoutes {
    private final Supplier<Optional<SettingsReload.Effective>> effective;

    /** @param effective the settings that the gateway runs with */
    public SettingsRoutes(Supplier<Optional<SettingsReload.Effective>> effective) {
        this.effective = effective;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, "/v1/ops/settings", this::settings);
    }

    private void settings(Call call) {
        call.caller().requireUnrestricted("The settings are about");
        var now = effective.get().orElseThrow();
        var report = now.report();
        call.answer(new EffectiveSettings(
                report.rows().stream().map(row -> item(report, row)).toList(), report.further(), now.needRestart()));
    }

    private static EffectiveSettings.Item item(ConfigReport report, ConfigReport.Row row) {
        var setting = row.setting();
        return new EffectiveSettings.Item(
                setting.name(),
                setting.group().english(),
                setting.group().korean(),
                report.effective(row),
                row.origin().label(),
                setting.isReloadable(),
                setting.english(),
                setting.korean());
    }
}
