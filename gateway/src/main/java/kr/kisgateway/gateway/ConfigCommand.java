package kr.kisgateway.gateway;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import kr.kisgateway.client.settings.Setting;
import kr.kisgateway.client.settings.SettingGroup;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.ConfigReport;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.NearestWord;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code config}: the effective settings and their origins. Exit code 0 when a gateway would start with them, otherwise
 * 2. Opens and writes no file.
 */
@Command(
        description =
                "The effective settings and their origins; secrets are masked.%n" + "적용되는 설정과 출처를 보여 줍니다. 비밀 정보는 가립니다.")
final class ConfigCommand implements Callable<Integer> {
    private static final String ALL = "--all";
    private static final String DOCUMENT = "--document";
    private static final List<String> OPTIONS = List.of(ALL, DOCUMENT);
    private static final List<Column> COLUMNS =
            List.of(Column.left("SETTING"), Column.left("VALUE"), Column.left("FROM"));

    private final CommandEnvironment process;

    @Option(names = ALL, description = "also settings at their default")
    private boolean all;

    @Option(names = DOCUMENT, description = "the page docs/SETTINGS.md: every setting, its default, unit and meaning")
    private boolean document;

    @Parameters(paramLabel = "--name=value", description = "settings, as run accepts them")
    private List<String> settings = List.of();

    ConfigCommand(CommandEnvironment process) {
        this.process = process;
    }

    @Override
    public Integer call() {
        if (document) {
            process.out().print(ConfigReport.document());
            return 0;
        }
        var misspelt = misspeltOption();
        if (misspelt.isPresent()) {
            process.notes().line(misspelt.get());
            return CommandEnvironment.USAGE;
        }
        var today = LocalDate.ofInstant(process.clock().instant(), TradingCalendar.SEOUL);
        var report = SettingsLoader.report(
                settings, process.variables(), process.workingDir(), process.homeDir(), KisDefaults.on(today));
        show(report);
        report.warnings().forEach(warning -> process.notes().line("Warning: " + warning));
        report.problems().forEach(problem -> process.notes().line("Problem: " + problem));
        return report.problems().isEmpty() ? 0 : CommandEnvironment.USAGE;
    }

    /** The refusal of an argument that abbreviates or misspells an option of this command; the settings would not name it. */
    private Optional<String> misspeltOption() {
        return settings.stream()
                .filter(argument -> argument.length() > 2
                        && Setting.of(argument.substring(2)).isEmpty())
                .flatMap(argument -> OPTIONS.stream()
                        .filter(option -> option.startsWith(argument)
                                || NearestWord.of(argument, List.of(option)).isPresent())
                        .map(option -> "kis config: there is no option " + argument + "; did you mean " + option + "?"))
                .findFirst();
    }

    /** Groups with name, value and origin. */
    private void show(ConfigReport report) {
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
