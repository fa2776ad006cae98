package kr.kisgateway.gateway.incident;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import kr.kisgateway.gateway.incident.Timetable.Line;
import kr.kisgateway.gateway.incident.Timetable.Verdict;
import kr.kisgateway.market.TradingCalendar;

/** A page in Markdown about an incident: the timetable, what happened, and whom it affected. Times are Seoul's. */
public final class IncidentReport {
    /** Rows of the timeline; the further ones are counted. */
    static final int TIMELINE_MAX = 1_000;

    /** Rows of each other table. */
    private static final int ROWS_MAX = 200;

    private static final DateTimeFormatter AT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm:ss.SSS");

    private static final String MARKDOWN = "|<>&`*~[]\\";
    /** What Markdown makes a link without brackets. */
    private static final Pattern ADDRESS = Pattern.compile("(?i)(https?|ftp|mailto|xmpp|www)([:.])");

    private final StringBuilder page = new StringBuilder();

    private IncidentReport() {}

    /**
     * The page about a time.
     *
     * @param folder the data folder of the environment
     * @param journal may be missing
     * @param until first instant that is not meant any more, not later than {@code now}
     */
    public static String of(Path folder, Path journal, String environment, Instant from, Instant until, Instant now) {
        return of(IncidentReader.read(folder, journal, from, until), environment, from, until, now);
    }

    static String of(List<Fact> facts, String environment, Instant from, Instant until, Instant now) {
        var report = new IncidentReport();
        var timetable = new Timetable(facts, until);
        report.line("# Incident report " + at(from) + " – " + at(until) + " (장애 보고서)");
        report.line("");
        report.line("Environment (환경): " + environment + " · made (작성): " + at(now) + " · times are Seoul's (서울 시각)");
        report.line("");
        report.line("First failure (최초 장애): "
                + timetable
                        .firstFailure()
                        .map(fact -> time(fact.at()) + " " + text(what(fact).orElse("")))
                        .orElse("none was recorded (기록 없음)"));
        report.timetable(timetable);
        report.timeline(facts);
        report.inDoubt(facts);
        report.callers(facts);
        report.errors(facts);
        report.limits(facts);
        return report.page.toString();
    }

    private void timetable(Timetable timetable) {
        heading("Timetable (대응 시간표)");
        table("step (단계)", "limit (기준)", "time (시각)", "after (경과)", "verdict (판정)", "evidence (근거)");
        var first = timetable.firstFailure().map(Fact::at);
        for (Line line : timetable.lines()) {
            row(
                    line.step().title() + " (" + line.step().titleKo() + ")",
                    line.step().limit().toMinutes() + " min",
                    line.at().map(IncidentReport::time).orElse("–"),
                    line.at()
                            .flatMap(at -> first.map(start -> span(Duration.between(start, at))))
                            .orElse("–"),
                    verdict(line.verdict()),
                    line.evidence());
        }
    }

    private static String verdict(Verdict verdict) {
        return switch (verdict) {
            case PASS -> "pass (통과)";
            case FAIL -> "FAIL (초과)";
            case NOT_OBSERVED -> "not observed (관측되지 않음)";
        };
    }

    private void timeline(List<Fact> facts) {
        heading("Timeline (경과)");
        var shown = facts.stream().filter(fact -> what(fact).isPresent()).toList();
        if (shown.isEmpty()) {
            line("Nothing was recorded (기록 없음).");
            return;
        }
        table("time (시각)", "event (사건)");
        shown.stream()
                .limit(TIMELINE_MAX)
                .forEach(fact -> row(time(fact.at()), what(fact).orElse("")));
        if (shown.size() > TIMELINE_MAX) {
            line("");
            line((shown.size() - TIMELINE_MAX) + " further events: choose a shorter time (이하 생략).");
        }
    }

    /** A line of the timeline; empty for what has a table of its own. */
    private static Optional<String> what(Fact fact) {
        return Optional.of(
                        switch (fact) {
                            case Fact.AlertRaised it ->
                                it.level() + " alert (경보) " + it.event() + several(it.count()) + subject(it.subject())
                                        + (it.text().isEmpty() ? "" : ": " + it.text());
                            case Fact.AlertSettled it ->
                                "alert settled (경보 해소) " + it.event() + several(it.count()) + subject(it.subject());
                            case Fact.BrokerFailing it ->
                                "calls to KIS fail (KIS 호출 실패) " + it.call() + ": " + it.code();
                            case Fact.SessionOpen it -> "WebSocket open (웹소켓 연결) " + it.appKey();
                            case Fact.SessionLost it -> "WebSocket lost (웹소켓 끊김) " + it.appKey() + ": " + it.cause();
                            case Fact.BreakerChanged it ->
                                "breaker (차단기) " + it.calls() + " of " + it.appKey() + ": " + it.state();
                            case Fact.FallbackUsed it -> "fallback prices (대체 시세) " + it.answers() + " answers";
                            case Fact.NoticeDelivered it ->
                                "notified (알림 전달) " + it.channel() + ": " + it.kind() + " " + it.event()
                                        + subject(it.subject());
                            case Fact.GatewayStarted _ -> "gateway started (게이트웨이 시작)";
                            case Fact.GatewayStopped it ->
                                it.killed()
                                        ? "gateway last seen before a kill or crash (비정상 종료 전 마지막 기록)"
                                        : "gateway stopped (게이트웨이 정지)";
                            case Fact.OrderInDoubt it -> "order in doubt (결과 불명 주문) " + it.order() + ": " + it.code();
                            case Fact.OrderSettled it -> "order certain again (결과 확정) " + it.order() + ": " + it.how();
                            case Fact.RecordsLost it -> it.count() + " records lost (유실된 기록)";
                            case Fact.BrokerErrors _, Fact.CallerFailed _, Fact.OrderTaken _, Fact.OrderNotTaken _ ->
                                "";
                        })
                .filter(text -> !text.isEmpty());
    }

    private static String several(long count) {
        return count > 1 ? " ×" + count : "";
    }

    private static String subject(String subject) {
        return subject.isEmpty() ? "" : " (" + subject + ")";
    }

    private void inDoubt(List<Fact> facts) {
        heading("Orders in doubt (결과 불명 주문)");
        record Doubt(Fact.OrderInDoubt since, Optional<Fact.OrderSettled> until) {}
        var doubts = new LinkedHashMap<String, Doubt>();
        for (Fact fact : facts) {
            switch (fact) {
                case Fact.OrderInDoubt it ->
                    doubts.put(it.order() + " " + it.request(), new Doubt(it, Optional.empty()));
                case Fact.OrderSettled it ->
                    doubts.computeIfPresent(
                            it.order() + " " + it.request(), (_, doubt) -> new Doubt(doubt.since(), Optional.of(it)));
                default -> {
                    // concerns no order in doubt
                }
            }
        }
        if (doubts.isEmpty()) {
            line("None (없음).");
            return;
        }
        table("order (주문)", "account (계좌)", "since (시작)", "code (코드)", "until (확정)", "how (확정 방법)");
        doubts.values().stream()
                .limit(ROWS_MAX)
                .forEach(doubt -> row(
                        doubt.since().order() + " #" + doubt.since().request(),
                        doubt.since().account(),
                        time(doubt.since().at()),
                        doubt.since().code(),
                        doubt.until()
                                .map(Fact.OrderSettled::at)
                                .map(IncidentReport::time)
                                .orElse("–"),
                        doubt.until().map(Fact.OrderSettled::how).orElse("still in doubt (미확정)")));
        omitted(doubts.size());
    }

    private void callers(List<Fact> facts) {
        heading("Callers affected (영향받은 호출자)");
        record Effect(long calls, TreeSet<String> codes) {}
        Map<String, Effect> callers = new TreeMap<>();
        for (Fact fact : facts) {
            String principal;
            String code;
            long calls;
            switch (fact) {
                case Fact.CallerFailed it -> {
                    principal = it.principal();
                    code = it.result();
                    calls = it.count();
                }
                case Fact.OrderNotTaken it -> {
                    principal = it.principal();
                    code = it.what() + " " + it.result();
                    calls = 1;
                }
                default -> {
                    continue;
                }
            }
            var effect = callers.getOrDefault(principal, new Effect(0, new TreeSet<>()));
            effect.codes().add(code);
            callers.put(principal, new Effect(effect.calls() + calls, effect.codes()));
        }
        if (callers.isEmpty()) {
            line("None (없음).");
            return;
        }
        table("caller (호출자)", "calls without success (실패한 호출)", "codes (코드)");
        callers.entrySet().stream()
                .limit(ROWS_MAX)
                .forEach(caller -> row(
                        caller.getKey().isEmpty() ? "without a key (키 없음)" : caller.getKey(),
                        Long.toString(caller.getValue().calls()),
                        String.join(", ", caller.getValue().codes())));
        omitted(callers.size());
    }

    private void errors(List<Fact> facts) {
        heading("KIS's errors by code (KIS 오류 코드별 건수)");
        record Code(String code, String result) {}
        var counts = new LinkedHashMap<Code, Long>();
        facts.forEach(fact -> {
            if (fact instanceof Fact.BrokerErrors(Instant _, String result, String code, long count)) {
                counts.merge(new Code(code, result), count, Long::sum);
            }
        });
        if (counts.isEmpty()) {
            line("None (없음).");
            return;
        }
        table("code (코드)", "result (결과)", "calls (호출)");
        var sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<Code, Long>comparingByValue(Comparator.reverseOrder()));
        sorted.stream()
                .limit(ROWS_MAX)
                .forEach(entry -> row(entry.getKey().code(), entry.getKey().result(), Long.toString(entry.getValue())));
        omitted(sorted.size());
    }

    private void limits(List<Fact> facts) {
        heading("What this report does not know (이 보고서의 한계)");
        line("- Of each kind, the first " + RowLimiter.SINGLE_MAX
                + " events of a minute are listed and the further ones counted (종류별로 1분에 " + RowLimiter.SINGLE_MAX
                + "건까지 나열하고 이후는 합산합니다).");
        line("- Errors of KIS and other sums of the present minute, which are recorded when it is over"
                + " (이번 1분의 합계는 1분이 지나야 기록됩니다).");
        line("- A process that was killed lost the last quarter of a second, and the sums of its last minute"
                + " (강제 종료 직전 0.25초의 기록과 마지막 1분의 합계는 없습니다).");
        line("- Orders that were in doubt before it begins (시작 전부터 결과를 모르던 주문은 없습니다).");
        line("- Whether a person read a notice; its delivery is what is known (담당자가 알림을 읽었는지는 알 수 없습니다).");
        long lost = facts.stream()
                .mapToLong(fact -> fact instanceof Fact.RecordsLost it ? it.count() : 0)
                .sum();
        if (lost > 0) {
            line("- **" + lost + " records were lost (유실된 기록 " + lost + "건).**");
        }
    }

    private void omitted(int rows) {
        if (rows > ROWS_MAX) {
            line("");
            line((rows - ROWS_MAX) + " further rows (이하 생략).");
        }
    }

    private void heading(String text) {
        line("");
        line("## " + text);
        line("");
    }

    private void table(String... columns) {
        row(columns);
        line("|" + "---|".repeat(columns.length));
    }

    private void row(String... cells) {
        page.append('|');
        for (String cell : cells) {
            page.append(' ').append(text(cell)).append(" |");
        }
        page.append('\n');
    }

    /** A text of others neither ends a cell or line nor becomes a link, an image or a tag, and turns no writing direction. */
    private static String text(String cell) {
        var safe = new StringBuilder();
        cell.codePoints().forEach(c -> {
            if (MARKDOWN.indexOf(c) >= 0) {
                safe.append('\\');
            }
            safe.appendCodePoint(isInvisible(c) ? ' ' : c);
        });
        return ADDRESS.matcher(safe).replaceAll("$1\\\\$2");
    }

    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    private static String at(Instant at) {
        return AT.format(at.atZone(TradingCalendar.SEOUL));
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(TradingCalendar.SEOUL));
    }

    private static String span(Duration span) {
        long millis = span.toMillis();
        return millis < 60_000
                ? millis / 1_000 + "." + millis / 100 % 10 + " s"
                : span.toMinutes() + " min " + span.toSecondsPart() + " s";
    }
}
