package kr.kisgateway.cli;

import java.time.Duration;
import kr.kisgateway.gatewayclient.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that starts a job and shows its progress until it has ended. */
@Command
abstract class JobCommand extends GatewayCommand {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);
    private static final int BAR_WIDTH = 30;

    @Option(names = "--no-wait", description = "only start it, also with --json; ./kis jobs show shows its progress")
    private boolean noWait;

    JobCommand(Kis kis) {
        super(kis);
    }

    @Override
    final boolean isMutating() {
        return true;
    }

    /**
     * Waits for the end of the started job, unless {@code --no-wait} is set, and displays it; returns the exit code.
     */
    final int awaitAndReport(GatewayConnection gateway, Response started) {
        Response response = !noWait && started instanceof Response.Done done ? awaitEnd(gateway, done.body()) : started;
        int exitCode = report(response, job -> Jobs.show(screen(), job));
        return response instanceof Response.Done done && exitCode == Kis.DONE && isIncomplete(done.body())
                ? Kis.REFUSED
                : exitCode;
    }

    /** Whether it ended incompletely. */
    private static boolean isIncomplete(JsonNode job) {
        return !Jobs.isRunning(job)
                && (!job.path("state").asString("").equals("DONE")
                        || job.path("failed").asLong() > 0);
    }

    /** Polls until {@code job} has ended; returns its last received state. */
    private Response awaitEnd(GatewayConnection gateway, JsonNode job) {
        String id = job.path("id").asString("");
        errorScreen().line("Job " + id + " runs in the gateway. Ctrl-C leaves it running: ./kis jobs show " + id);
        // Without a terminal, one line per completed tenth.
        boolean terminal = kis.process().prompt().isPresent();
        long reportedTenths = -1;
        while (true) {
            Response response = gateway.get(Jobs.path(id));
            if (!(response instanceof Response.Done(Answer answer)) || !Jobs.isRunning(answer.body())) {
                if (terminal) {
                    kis.process().err().print("\r\u001b[K");
                }
                return response;
            }
            JsonNode now = answer.body();
            long finished = now.path("done").asLong() + now.path("failed").asLong();
            long total = Math.max(1, now.path("total").asLong());
            if (terminal) {
                int filled = (int) (BAR_WIDTH * finished / total);
                kis.process()
                        .err()
                        .print("\r\u001b[K[" + "#".repeat(filled) + " ".repeat(BAR_WIDTH - filled) + "] "
                                + Jobs.progress(now));
                kis.process().err().flush();
            } else if (10 * finished / total > reportedTenths) {
                reportedTenths = 10 * finished / total;
                errorScreen().line(Jobs.progress(now));
            }
            kis.process().pause().accept(POLL_INTERVAL);
        }
    }
}
