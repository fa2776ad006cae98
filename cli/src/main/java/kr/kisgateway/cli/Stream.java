package kr.kisgateway.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import kr.kisgateway.gatewayclient.Received;
import kr.kisgateway.terminal.Screen;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description =
                "Print the messages of the stream as they come, until Ctrl-C: quotes, trades, books, bars:1m, orders,"
                        + " executions, session, alerts. It reconnects by itself; orders and executions go on after the last one.%n"
                        + "실시간 메시지를 한 줄씩 출력합니다.")
final class Stream extends GatewayCommand {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");
    private static final ZoneId SEOUL = ZoneId.of("Asia/Seoul");
    /** What a line shows of each channel, in this order. */
    private static final Map<String, List<String>> SHOWN = Map.of(
            "trades", List.of("p", "q", "side", "v"),
            "quotes", List.of("p", "change_pct", "v", "bid", "ask"),
            "orders", List.of("order_id", "status", "error"),
            "executions", List.of("order_id", "side", "qty", "price"),
            "alerts", List.of("event", "level", "subject", "message"));

    @Parameters(index = "0", paramLabel = "CHANNELS", description = "several with commas between, quotes,trades")
    private String channels = "";

    @Parameters(
            index = "1",
            arity = "0..*",
            paramLabel = "SYMBOL",
            description = "005930, AAPL.NASD; for channels of a symbol")
    private List<String> symbols = List.of();

    @Option(names = "--venue", paramLabel = "VENUE", description = "of quotes, trades and books: KRX, NXT or UNIFIED")
    private Optional<String> venue = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "end after so many messages")
    private Optional<Integer> count = Optional.empty();

    private long printed;

    Stream(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        var feed = new EventFeed(
                gateway,
                Arrays.asList(channels.split(",")),
                symbols,
                venue,
                kis.process().pause(),
                reason -> errorScreen().line("Disconnected: " + reason));
        return feed.run(this::print)
                .map(response -> this.<Received>report(response, _ -> {}))
                .orElse(Kis.DONE);
    }

    /** Prints a message; false when there were enough. */
    private boolean print(JsonNode message) {
        if (kis.json()) {
            kis.process().out().println(Screen.printableJson(message.toString()));
        } else {
            screen().line(line(message));
        }
        printed++;
        return !isReaderGone() && (count.isEmpty() || printed < count.get());
    }

    private static String line(JsonNode message) {
        var text = new StringBuilder(
                message.has("ts_ms") ? time(message.path("ts_ms").asLong()) + "  " : "");
        var channel = message.path("ch").asString("");
        if (!SHOWN.containsKey(channel) || message.has("gap")) {
            return text.append(message).toString();
        }
        text.append(channel).append("  ").append(message.path("s").asString(""));
        for (var name : SHOWN.getOrDefault(channel, List.of())) {
            var value = message.path(name);
            if (!value.isMissingNode() && !value.isNull()) {
                text.append("  ").append(name).append(' ');
                text.append(value.isNumber() ? Format.value(value.decimalValue()) : value.asString());
            }
        }
        return text.toString();
    }

    private static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis).atZone(SEOUL));
    }
}
