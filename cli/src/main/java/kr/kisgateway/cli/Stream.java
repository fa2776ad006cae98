package kr.kisgateway.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
    Set<String> withoutOptions() {
        return Set.of("--csv", "--quiet", "--watch");
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
            screen().line(StreamText.line(message));
        }
        printed++;
        return !isReaderGone() && (count.isEmpty() || printed < count.get());
    }
}
