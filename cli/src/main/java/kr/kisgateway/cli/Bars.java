package kr.kisgateway.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.terminal.Screen.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description = "Bars of an instrument, newest first. Dates and times are Seoul's, of US stocks New York's.%n"
                + "봉을 최신순으로 보여 줍니다 (미국 주식은 뉴욕 시각).")
final class Bars extends GatewayCommand {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm");

    @Parameters(paramLabel = "SYMBOL", description = "005930, or AAPL.NASD")
    private String symbol = "";

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
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
        var query = new Query("/v1/bars/" + GatewayConnection.encode(symbol))
                .with("period", Optional.of(period))
                .with("from", from)
                .with("to", to)
                .with("limit", Optional.of(limit.orElse(20).toString()))
                .with("cursor", cursor)
                .with("adjusted", raw ? Optional.of("false") : Optional.empty());
        return report(gateway.get(query.text()), this::show);
    }

    private void show(JsonNode page) {
        boolean isUs = page.path("symbol").asString("").contains(".");
        boolean minutes = page.path("adjusted").isNull();
        ZoneId zone = ZoneId.of(isUs ? "America/New_York" : "Asia/Seoul");
        var rows = new ArrayList<List<String>>();
        for (JsonNode bar : page.path("bars")) {
            rows.add(List.of(
                    minutes
                            ? Instant.ofEpochSecond(bar.path("ts").asLong(0))
                                    .atZone(zone)
                                    .format(MOMENT)
                            : Format.text(bar, "date"),
                    price(isUs, bar, "open"),
                    price(isUs, bar, "high"),
                    price(isUs, bar, "low"),
                    price(isUs, bar, "close"),
                    Format.text(bar, "volume"),
                    price(isUs, bar, "turnover")));
        }
        String since = Format.text(page, "incomplete_before");
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
        String next = page.path("next_cursor").asString("");
        if (!next.isEmpty()) {
            screen().line("… and more: --cursor " + next);
        }
        if (!since.isEmpty()) {
            screen().line("Incomplete: no source has bars before " + since + ".");
        }
    }

    private static String price(boolean isUs, JsonNode bar, String name) {
        return isUs ? Format.dollars(bar.path(name)) : Format.text(bar, name);
    }
}
