package kr.kisgateway.cli;

import java.time.Duration;
import kr.kisgateway.gatewayclient.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that begins a job and looks on until it has ended. */
@Command
abstract class JobCommand extends GatewayCommand {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int BAR = 30;

    @Option(names = "--no-wait", description = "only begin it, with --json too; ./kis jobs show tells how far it is")
    private boolean noWait;

    JobCommand(Kis kis) {
        super(kis);
    }

    @Override
    final boolean changes() {
        return true;
    }

    /** Waits for the end of what was {@code begun}, unless that is not wanted, and tells it; the exit code. */
    final int ended(Reach gateway, Heard begun) {
        Heard heard = !noWait && begun instanceof Heard.Done done ? watched(gateway, done.body()) : begun;
        int code = tell(heard, job -> Jobs.show(screen(), job));
        return heard instanceof Heard.Done done && code == Kis.DONE && isIncomplete(done.body()) ? Kis.REFUSED : code;
    }

    /** Whether it ended and not all is done. */
    private static boolean isIncomplete(JsonNode job) {
        return !Jobs.runs(job)
                && (!job.path("state").asString("").equals("DONE")
                        || job.path("failed").asLong() > 0);
    }

    /** Looks on until {@code job} has ended; the last that was heard of it. */
    private Heard watched(Reach gateway, JsonNode job) {
        String id = job.path("id").asString("");
        notes().line("Job " + id + " runs in the gateway. Ctrl-C leaves it running: ./kis jobs show " + id);
        // Without somebody who looks, a line only when a tenth more is done.
        boolean terminal = kis.world().person().isPresent();
        long told = -1;
        while (true) {
            Heard heard = gateway.get(Jobs.path(id));
            if (!(heard instanceof Heard.Done(Answer answer)) || !Jobs.runs(answer.body())) {
                if (terminal) {
                    kis.world().err().print("\r\u001b[K");
                }
                return heard;
            }
            JsonNode now = answer.body();
            long over = now.path("done").asLong() + now.path("failed").asLong();
            long total = Math.max(1, now.path("total").asLong());
            if (terminal) {
                int filled = (int) (BAR * over / total);
                kis.world()
                        .err()
                        .print("\r\u001b[K[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "] "
                                + Jobs.progress(now));
                kis.world().err().flush();
            } else if (10 * over / total > told) {
                told = 10 * over / total;
                notes().line(Jobs.progress(now));
            }
            kis.world().pause().accept(LOOK_AGAIN);
        }
    }
}
