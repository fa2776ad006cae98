package kr.kisgateway.gateway;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.client.settings.SettingGroup;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.ConfigReport;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen.Column;

/**
 * {@code config}: the effective settings and their origins. Exit code 0 when a gateway would start with them, otherwise
 * 2. Opens and writes no file.
 */
final class ConfigCommand {
    private static final String HELP = """
            ./kis config: the effective settings and their origins; secrets are masked
            적용되는 설정과 출처를 보여 줍니다. 비밀 정보는 가립니다.

              config [--name=value …]   configured settings and problems; accepts the options of run
                --all                   also settings at their default
                --document              the page docs/SETTINGS.md: every setting, its default, unit and meaning
            """;

    private static final List<Column> COLUMNS =
            List.of(Column.left("SETTING"), Column.left("VALUE"), Column.left("FROM"));

    private final CommandEnvironment process;

    ConfigCommand(CommandEnvironment process) {
        this.process = process;
    }

    int run(List<String> args) {
        if (args.contains("--help") || args.contains("-h") || args.contains("help")) {
            process.screen().page(HELP);
            return 0;
        }
        if (args.contains("--document")) {
            process.out().print(ConfigReport.document());
            return 0;
        }
        var arguments = new ArrayList<>(args);
        boolean all = arguments.removeIf("--all"::equals);
        var today = LocalDate.ofInstant(process.clock().instant(), TradingCalendar.SEOUL);
        var report = SettingsLoader.report(
                arguments, process.variables(), process.workingDir(), process.homeDir(), KisDefaults.on(today));
        show(report, all);
        report.warnings().forEach(warning -> process.notes().line("Warning: " + warning));
        report.problems().forEach(problem -> process.notes().line("Problem: " + problem));
        return report.problems().isEmpty() ? 0 : CommandEnvironment.BAD_REQUEST;
    }

    /** Groups with name, value and origin. */
    private void show(ConfigReport report, boolean all) {
        var screen = process.screen();
        for (var group : SettingGroup.values()) {
            var rows = report.rows(group, all).stream()
                    .map(row -> List.of(
                            row.setting().name(),
                            report.value(row),
                            row.origin().label()))
                    .toList();
            if (!rows.isEmpty()) {
                screen.line(group.english() + " (" + group.korean() + ")");
                screen.table(COLUMNS, rows);
            }
        }
        report.further().forEach(line -> screen.line("gateway.yaml  " + line));
        if (!all) {
            screen.line("Everything else has its default; --all shows it. (나머지는 기본값입니다. --all 로 모두 볼 수 있습니다.)");
        }
    }
}
