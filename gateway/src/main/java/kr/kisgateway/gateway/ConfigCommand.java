package kr.kisgateway.gateway;

import java.io.PrintStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.settings.ConfigReport;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.TradingCalendar;

/**
 * {@code config}: what holds and where it came from. Ends with 0 when a gateway would start with it, 2 when not. Opens nothing
 * and writes nothing.
 */
final class ConfigCommand {
    private static final String HELP = """
            ./kis config: the settings that hold, and where each came from; secrets are masked
            적용되는 설정과 출처를 보여 줍니다. 비밀 정보는 가립니다.

              config [--name=value …]   what is set, and what stops the start; takes the options of run
                --all                   also what has its default
                --document              the page docs/SETTINGS.md: every setting, its default, unit and meaning
            """;

    private final CommandWorld world;
    private final PrintStream out;
    private final PrintStream err;

    ConfigCommand(CommandWorld world) {
        this.world = world;
        this.out = world.out();
        this.err = world.err();
    }

    int run(List<String> args) {
        if (args.contains("--help") || args.contains("-h") || args.contains("help")) {
            out.print(HELP);
            return 0;
        }
        if (args.contains("--document")) {
            out.print(ConfigReport.document());
            return 0;
        }
        var given = new ArrayList<>(args);
        boolean all = given.removeIf("--all"::equals);
        var today = LocalDate.ofInstant(world.clock().instant(), TradingCalendar.SEOUL);
        var report = SettingsLoader.report(
                given, world.variables(), world.workingDir(), world.homeDir(), KisDefaults.on(today));
        report.lines(all).forEach(out::println);
        report.warnings().forEach(warning -> err.println("Warning: " + warning));
        report.problems().forEach(problem -> err.println("Problem: " + problem));
        return report.problems().isEmpty() ? 0 : CommandWorld.BAD_REQUEST;
    }
}
