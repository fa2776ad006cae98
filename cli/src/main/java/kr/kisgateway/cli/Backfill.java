package kr.kisgateway.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.gatewayclient.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        description =
                "Fetch bars of the past into the history's Parquet files; what is there is not asked for again (operator).%n"
                        + "과거 일봉·분봉을 Parquet 파일로 받습니다 (운영자).")
final class Backfill extends GatewayCommand {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int BAR = 30;

    @Parameters(paramLabel = "SYMBOL", arity = "0..*", description = "symbols, as 005930")
    private List<String> symbols = List.of();

    @Option(names = "--all", description = "everything that is listed")
    private boolean all;

    @Option(names = "--period", paramLabel = "D|1m", description = "days or minutes (D)")
    private String period = "D";

    @Option(
            names = "--from",
            paramLabel = "DATE",
            description = "first day (20 years back; minutes: as far as KIS keeps them)")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "DATE", description = "last day (the last one that is over)")
    private Optional<String> to = Optional.empty();

    @Option(names = "--raw", description = "days as they traded, not adjusted for splits")
    private boolean raw;

    @Option(
            names = "--source",
            paramLabel = "kis|krx",
            description =
                    "who is asked (kis); krx is the exchange's Open API: whole markets day by day, prices as they traded")
    private String source = "kis";

    @Option(names = "--no-wait", description = "only begin it; ./kis jobs show tells how far it is")
    private boolean noWait;

    Backfill(Kis kis) {
        super(kis);
    }

    @Override
    boolean changes() {
        return true;
    }

    @Override
    int run(Reach gateway) {
        if (all != symbols.isEmpty()) {
            throw usage("Name the symbols, or else say --all");
        }
        var body = new Body()
                .with("period", Optional.of(period))
                .with("source", Optional.of(source).filter(it -> !it.equals("kis")))
                .with("from", from)
                .with("to", to);
        if (raw) {
            body.with("adjusted", false);
        }
        String json = (all ? body.with("symbols", Optional.of("all")) : body.with("symbols", symbols)).text();
        // A second one would ask for nothing that the first has brought, but it would be a job more.
        Heard begun = gateway.change(
                "POST", "/v1/history/backfill", Optional.of(json), Optional.empty(), Reach.Repeat.ONLY_IF_NOT_SENT);
        if (noWait || kis.json() || !(begun instanceof Heard.Done(Answer answer))) {
            return tell(begun, job -> Jobs.show(screen(), job));
        }
        String id = answer.body().path("id").asString("");
        notes().line("Job " + id + " runs in the gateway. Ctrl-C leaves it running: ./kis jobs show " + id);
        return watch(gateway, id);
    }

    private int watch(Reach gateway, String id) {
        // Without somebody who looks, a line only when a tenth more is done.
        boolean terminal = kis.world().person().isPresent();
        long told = -1;
        while (true) {
            Heard heard = gateway.get(Jobs.path(id));
            if (!(heard instanceof Heard.Done(Answer answer)) || !Jobs.runs(answer.body())) {
                if (terminal) {
                    kis.world().err().print("\r\u001b[K");
                }
                return tell(heard, job -> Jobs.show(screen(), job));
            }
            JsonNode job = answer.body();
            long over = job.path("done").asLong() + job.path("failed").asLong();
            long total = Math.max(1, job.path("total").asLong());
            if (terminal) {
                int filled = (int) (BAR * over / total);
                kis.world()
                        .err()
                        .print("\r\u001b[K[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] "
                                + Jobs.progress(job));
                kis.world().err().flush();
            } else if (10 * over / total > told) {
                told = 10 * over / total;
                notes().line(Jobs.progress(job));
            }
            kis.world().pause().accept(LOOK_AGAIN);
        }
    }
}
