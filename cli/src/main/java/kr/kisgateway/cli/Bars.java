package kr.kisgateway.cli;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.bar.BarCalls;
import kr.kisgateway.api.bar.BarPage;
import kr.kisgateway.api.bar.UsBarPage;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        description = "Bars of an instrument, newest first. Dates and times are Seoul's, of US stocks New York's.%n"
                + "봉을 최신순으로 보여 줍니다 (미국 주식은 뉴욕 시각).")
final class Bars extends GatewayCommand {
    static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            converter = KnownWord.Period.class,
            defaultValue = "D",
            description = "1m, 3m, 5m, 10m, 30m, 60m, D, W, M or Y (D)")
    private String period = "";

    @Option(names = "--from", paramLabel = "DATE", description = "the oldest, 2026-11-20, of minutes 2026-11-20T10:00")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DATE", description = "the newest")
    private Optional<String> to = Optional.empty();

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 1000 (20)")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--cursor", paramLabel = "TEXT", description = "next_cursor of the page before")
    private Optional<String> cursor = Optional.empty();

    @Option(names = "--raw", description = "prices before a split as they were")
    private boolean raw;

    Bars(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var query = new BarCalls.Query(
                symbol,
                period,
                from,
                to,
                OptionalInt.of(limit.orElse(20)),
                cursor,
                raw ? Optional.of(false) : Optional.empty());
        return report(gateway.get(BarCalls.bars(query)), page -> {
            switch (page) {
                case BarPage korean -> show(korean);
                case UsBarPage us -> show(us);
            }
        });
    }

    private void show(BarPage page) {
        boolean minutes = page.adjusted().isEmpty();
        show(
                minutes,
                page.bars().stream()
                        .map(bar -> List.of(
                                minutes ? begin(bar.ts(), SEOUL) : bar.date().toString(),
                                Format.value(bar.open()),
                                Format.value(bar.high()),
                                Format.value(bar.low()),
                                Format.value(bar.close()),
                                Format.value(bar.volume()),
                                Format.value(bar.turnover())))
                        .toList(),
                page.nextCursor(),
                page.incompleteBefore());
    }

    private void show(UsBarPage page) {
        boolean minutes = page.adjusted().isEmpty();
        show(
                minutes,
                page.bars().stream()
                        .map(bar -> List.of(
                                minutes ? begin(bar.ts(), NEW_YORK) : bar.date().toString(),
                                Format.dollars(bar.open()),
                                Format.dollars(bar.high()),
                                Format.dollars(bar.low()),
                                Format.dollars(bar.close()),
                                Format.value(bar.volume()),
                                Format.dollars(bar.turnover())))
                        .toList(),
                page.nextCursor(),
                page.incompleteBefore());
    }

    static String begin(long epochSecond, ZoneId zone) {
        return Instant.ofEpochSecond(epochSecond).atZone(zone).format(MOMENT);
    }

    private void show(
            boolean minutes, List<List<String>> rows, Optional<String> next, Optional<LocalDate> incompleteBefore) {
        String since = Format.value(incompleteBefore);
        if (rows.isEmpty()) {
            screen().line(
                            since.isEmpty()
                                    ? "No bars: nothing traded then."
                                    : "No bars: no source has any of that time.");
            return;
        }
        screen().table(
                        List.of(
                                Column.left(minutes ? "BEGINS" : "DATE"),
                                Column.right("OPEN"),
                                Column.right("HIGH"),
                                Column.right("LOW"),
                                Column.right("CLOSE"),
                                Column.right("VOLUME"),
                                Column.right("TURNOVER")),
                        rows);
        next.ifPresent(it -> screen().line("… and more: --cursor " + it));
        if (!since.isEmpty()) {
            screen().line("Incomplete: no source has bars before " + since + ".");
        }
    }
}
