package kr.kisgateway.gateway;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import kr.kisgateway.gateway.doctor.CheckWindow;
import kr.kisgateway.gateway.doctor.Doctor;
import kr.kisgateway.gateway.doctor.DoctorReport;
import kr.kisgateway.gateway.doctor.Finding;
import kr.kisgateway.gateway.kis.KisDefaults;
import kr.kisgateway.gateway.kis.auth.KisKeyCheck;
import kr.kisgateway.gateway.settings.BrokerDefaults;
import kr.kisgateway.gateway.settings.KisEnvironment;
import kr.kisgateway.gateway.settings.LiveKeys;
import kr.kisgateway.gateway.settings.SettingsLoader;
import kr.kisgateway.market.KrxCalendar;
import kr.kisgateway.market.NyseDays;
import kr.kisgateway.market.TradingCalendar;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.UsageException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code doctor}: checks what a gateway needs, without credentials and at any time. {@code doctor --live}: whether KIS accepts the
 * real app key. Exit code 0 all is well or accepted, 1 a check fails or not accepted, 2 usage error, 3 the check of the key is not
 * allowed at this time.
 */
@Command(
        description =
                "Check settings, network, clock, files and ports, whether the gateway runs or not. Nothing is changed, and"
                        + " no credentials are sent.%n"
                        + "설정, 네트워크, 시계, 파일, 포트를 점검합니다. 게이트웨이가 실행 중이어도 됩니다. 아무것도 바꾸지 않으며 앱키를 보내지 않습니다.%n%n"
                        + "--live: whether KIS accepts the app key and secret of KIS_APP_KEY and KIS_APP_SECRET.%n"
                        + "--live: 실전투자 앱키와 시크릿이 유효한지 KIS에 확인합니다.%n토큰을 발급하지 않으므로 알림톡이 가지 않습니다.",
        footer = {
            "",
            "Without --force --live checks only while both markets are closed (06:00-08:00, 17:00-22:00 in Seoul,"
                    + " weekends, holidays), and shows the next time. NXT, KRX's after-market and the US pre-market"
                    + " overlap these hours.",
            "",
            "Exit codes",
            "  0  no check fails; with --live KIS accepts them",
            "  1  a check fails; with --live KIS does not, or does not answer",
            "  2  usage error: an unknown option; with --live no credentials",
            "  3  with --live: a market is open",
        })
final class DoctorCommand implements Callable<Integer> {
    private static final int REFUSED = 1;
    private static final int MARKET_OPEN = 3;
    private static final int ID_LENGTH = 4;
    /** Of all checks together; the slowest makes three requests of four seconds. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    private final PrintStream out;
    private final Screen screen;
    private final Screen notes;
    private final BufferedReader in;
    private final InstantSource clock;
    private final Map<String, String> variables;
    private final Path workingDir;
    private final Path homeDir;

    @Option(
            names = "--live",
            description = "one request to KIS, for an approval key: no token, no message to the owner, no session")
    private boolean live;

    @Option(
            names = "--force",
            description = "also while a market is open; prompts for the last four characters of the app key")
    private boolean force;

    @Option(names = "--json", description = "print the findings as JSON")
    private boolean json;

    @Mixin
    private DataFolderOptions folderOptions = new DataFolderOptions();

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

    @Override
    public Integer call() {
        var defaults = KisDefaults.on(LocalDate.ofInstant(clock.instant(), TradingCalendar.SEOUL));
        if (!live) {
            if (force) {
                throw new UsageException("--force needs --live.");
            }
            return examine(defaults);
        }
        if (json || !folderOptions.arguments().isEmpty()) {
            throw new UsageException("--live takes --force only.");
        }
        var keys = SettingsLoader.liveKeys(variables, workingDir, homeDir, defaults);
        if (!keys.problems().isEmpty()) {
            keys.problems().forEach(notes::line);
            return CommandEnvironment.USAGE;
        }
        return mayCheck(keys) ? checkKeys(keys) : MARKET_OPEN;
    }

    private int examine(BrokerDefaults defaults) {
        var settings = SettingsLoader.doctor(folderOptions.arguments(), variables, workingDir, homeDir, defaults);
        String environment =
                settings.environment().map(KisEnvironment::wireName).orElse("unclear");
        if (!json) {
            screen.line(
                    "environment " + environment + ", " + settings.settings().dataDir());
        }
        notes.line("Checking, for " + LIMIT.toSeconds() + " s at most. (최대 " + LIMIT.toSeconds() + "초 걸립니다.)");
        // Before the checks of several threads: logging that begins in one of them reports the calls of the others.
        LoggerFactory.getILoggerFactory();
        var findings = Doctor.run(
                DoctorModule.steps(settings, defaults, workingDir, clock), LIMIT, json ? _ -> {} : this::show);
        if (json) {
            out.println(DoctorReport.of(environment, findings));
        } else {
            summarize(findings);
        }
        return findings.stream().anyMatch(Finding::fails) ? REFUSED : 0;
    }

    private void show(Finding finding) {
        var item = finding.item();
        screen.page(word(finding.verdict()) + "  " + item.title() + ": "
                + finding.measured().english());
        screen.line("         " + item.titleKo() + ": " + finding.measured().korean());
        finding.fix().ifPresent(fix -> {
            screen.line("         What to do: " + fix.english());
            screen.line("         할 일: " + fix.korean());
        });
    }

    private static String word(Finding.Verdict verdict) {
        return switch (verdict) {
            case OK -> "ok     ";
            case WARNING -> "warning";
            case FAIL -> "FAIL   ";
            case SKIPPED -> "skipped";
        };
    }

    private void summarize(List<Finding> findings) {
        long failed = DoctorReport.count(findings, Finding.Verdict.FAIL);
        long warnings = DoctorReport.count(findings, Finding.Verdict.WARNING);
        long skipped = DoctorReport.count(findings, Finding.Verdict.SKIPPED);
        screen.line(findings.size() + " checks: " + failed + " failed, " + warnings + " warnings, " + skipped
                + " skipped. (점검 " + findings.size() + "건: 실패 " + failed + ", 경고 " + warnings + ", 생략 " + skipped
                + ")");
    }

    private boolean mayCheck(LiveKeys keys) {
        var window = new CheckWindow(new KrxCalendar()::isTradingDay, NyseDays.load()::isTradingDay);
        if (window.isOpen(clock.instant())) {
            screen.line(
                    "Both markets are closed, but NXT, KRX's after-market and the US pre-market overlap these hours."
                            + " The check ends no other session.");
            screen.line("두 시장은 닫혀 있지만 NXT, KRX 시간외 거래, 미국 프리마켓이 이 시간과 겹칩니다. 이 확인은 세션을 차지하지 않습니다.");
            return true;
        }
        if (!force) {
            notes.line("A market is open; real keys are checked between the markets. Next: "
                    + TIME.format(window.nextOpening(clock.instant())) + " in Seoul. --force checks now.");
            notes.line(
                    "장이 열려 있어 확인하지 않았습니다. 다음 가능 시각: " + TIME.format(window.nextOpening(clock.instant())) + " (한국시간)");
            return false;
        }
        var key = keys.appKey().orElseThrow().reveal();
        out.print("A market is open. Type the last " + ID_LENGTH + " characters of the app key to continue: ");
        out.flush();
        if (readLine().equals(key.substring(key.length() - ID_LENGTH))) {
            return true;
        }
        notes.line("That is not this app key; nothing was sent to KIS.");
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
            screen.line("KIS accepts this app key and its secret. No token was issued.");
            screen.line("KIS가 앱키와 시크릿을 확인했습니다. 토큰은 발급하지 않았습니다.");
            return 0;
        }
        notes.line("KIS does not accept them: " + refused.get());
        return REFUSED;
    }
}
