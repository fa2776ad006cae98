package kr.kisgateway.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.gateway.doctor.CheckWindow;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.kis.KisKeyCheck;
import kr.kisgateway.gateway.settings.LiveKeys;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen;

/**
 * {@code doctor --live}: whether KIS knows the real app key. Ends with 0 when it does, 1 when it does not, 2 when it was
 * asked for wrongly, 3 when it is not the time for it.
 */
final class DoctorCommand {
    private static final int REFUSED = 1;
    private static final int MARKET_OPEN = 3;
    private static final int ID_LENGTH = 4;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private static final String HELP = """
            ./kis doctor --live: does KIS know the app key and secret of KIS_APP_KEY and KIS_APP_SECRET
            실전투자 앱키와 시크릿을 KIS가 알고 있는지 확인합니다. 토큰을 발급하지 않으므로 알림톡이 가지 않습니다.

              --live     asks KIS once, for an approval key: no token, no message to the owner, no session
              --force    also while a market is open; you are asked to type the last four characters of the app key

            Without --force it asks only while both markets are away (06:00-08:00, 17:00-22:00 in Seoul, weekends,
            holidays), and says when that is next. NXT, KRX's after-market and the US pre-market overlap these hours.

            Exit codes
              0  KIS knows them
              1  KIS does not, or does not answer
              2  asked for wrongly: no credentials, an unknown option
              3  a market is open
            """;

    private final PrintStream out;
    private final Screen screen;
    private final Screen notes;
    private final BufferedReader in;
    private final InstantSource clock;
    private final Map<String, String> variables;
    private final Path workingDir;
    private final Path homeDir;

    DoctorCommand(CommandEnvironment process) {
        this.out = process.out();
        this.screen = process.screen();
        this.notes = process.notes();
        this.in = process.in();
        this.clock = process.clock();
        this.variables = process.variables();
        this.workingDir = process.workingDir();
        this.homeDir = process.homeDir();
    }

    int run(List<String> args) {
        if (args.contains("--help") || args.contains("-h")) {
            screen.page(HELP);
            return 0;
        }
        Optional<String> unknown = args.stream()
                .filter(arg -> !Set.of("--live", "--force").contains(arg))
                .findFirst();
        if (unknown.isPresent() || !args.contains("--live")) {
            notes.line(unknown.map(arg -> "\"" + arg + "\" is not understood; try doctor --help.")
                    .orElse("doctor checks real keys only today: ./kis doctor --live"));
            return CommandEnvironment.BAD_REQUEST;
        }
        var today = LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL);
        var keys = SettingsLoader.liveKeys(variables, workingDir, homeDir, KisDefaults.on(today));
        if (!keys.problems().isEmpty()) {
            keys.problems().forEach(notes::line);
            return CommandEnvironment.BAD_REQUEST;
        }
        return mayCheck(args.contains("--force"), keys) ? checkKeys(keys) : MARKET_OPEN;
    }

    private boolean mayCheck(boolean force, LiveKeys keys) {
        var window = new CheckWindow(new KrxCalendar()::isTradingDay, NyseDays.load()::isTradingDay);
        if (window.isOpen(clock.instant())) {
            screen.line(
                    "Both markets are closed, but NXT, KRX's after-market and the US pre-market overlap these hours."
                            + " The check takes no session from anybody.");
            screen.line("두 시장은 닫혀 있지만 NXT, KRX 시간외 거래, 미국 프리마켓이 이 시간과 겹칩니다. 이 확인은 세션을 차지하지 않습니다.");
            return true;
        }
        if (!force) {
            notes.line("A market is open; real keys are checked between the markets. Next: "
                    + TIME.format(window.nextOpening(clock.instant())) + " in Seoul. --force asks now.");
            notes.line(
                    "장이 열려 있어 확인하지 않았습니다. 다음 가능 시각: " + TIME.format(window.nextOpening(clock.instant())) + " (한국시간)");
            return false;
        }
        var key = keys.appKey().orElseThrow().reveal();
        out.print("A market is open. Type the last " + ID_LENGTH + " characters of the app key to go on: ");
        out.flush();
        if (readLine().equals(key.substring(key.length() - ID_LENGTH))) {
            return true;
        }
        notes.line("That is not this app key; nothing was asked.");
        return false;
    }

    private String readLine() {
        try {
            return Optional.ofNullable(in.readLine()).orElse("").strip();
        } catch (IOException e) {
            return "";
        }
    }

    private int checkKeys(LiveKeys keys) {
        var refused = KisKeyCheck.check(keys, workingDir, clock);
        if (refused.isEmpty()) {
            screen.line("KIS knows this app key and its secret. No token was issued.");
            screen.line("KIS가 앱키와 시크릿을 확인했습니다. 토큰은 발급하지 않았습니다.");
            return 0;
        }
        notes.line("KIS does not accept them: " + refused.get());
        return REFUSED;
    }
}
