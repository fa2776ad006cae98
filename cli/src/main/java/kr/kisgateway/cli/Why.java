package kr.kisgateway.cli;

import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.api.session.SessionCalls;
import kr.kisgateway.api.session.SessionPool;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(description = "Why KIS pushes a symbol, or why it is polled.%n" + "종목을 실시간으로 받는지 조회로 받는지, 그 이유를 보여 줍니다.")
final class Why extends GatewayCommand {
    @Parameters(paramLabel = "SYMBOL", description = "as 005930")
    private String symbol = "";

    Why(Kis kis) {
        super(kis);
    }

    @Override
    int run(GatewayConnection gateway) {
        return report(gateway.get(SessionCalls.pool(Optional.of(symbol), OptionalInt.empty())), this::show);
    }

    private static String programs(SessionPool.Demand demand) {
        return "  " + Format.value(demand.programs())
                + (demand.programs() == 1 ? " program" : " programs")
                + " at the KIS-compatible port registered it: "
                + (demand.mode().equals("push")
                        ? "each gets KIS's frames as they come."
                        : "each gets one frame for each polled value.")
                + " ./kis trace --key NAME shows a program.";
    }

    private void show(SessionPool pool) {
        for (var one : pool.demand()) {
            screen().line(symbol + one.venue().map(venue -> " " + venue).orElse("") + " " + one.kind() + " ("
                    + one.mode() + "): " + one.why());
            if (one.programs() > 0) {
                screen().line(programs(one));
            }
        }
        if (pool.demand().isEmpty()) {
            screen().line("No stream client or program at the KIS-compatible port subscribes to " + symbol
                    + ", and KIS_WS_SYMBOLS does not name it: KIS pushes"
                    + " nothing of it, and a quote is requested from KIS on demand.");
        }
    }
}
