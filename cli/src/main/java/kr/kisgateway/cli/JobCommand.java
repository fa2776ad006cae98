package kr.kisgateway.cli;

import java.time.Duration;
import kr.kisgateway.api.job.Job;
import kr.kisgateway.api.job.JobCalls;
import kr.kisgateway.gatewayclient.Received;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
    final int awaitAndReport(GatewayConnection gateway, Response<Job> started) {
        Response<Job> response =
                !noWait && started instanceof Response.Done<Job> done ? awaitEnd(gateway, done.answer()) : started;
        int exitCode = report(response, job -> Jobs.show(screen(), job));
        return response instanceof Response.Done<Job> done && exitCode == Kis.DONE && isIncomplete(done.answer())
                ? Kis.REFUSED
                : exitCode;
    }

    /** Whether it ended incompletely. */
    private static boolean isIncomplete(Job job) {
        return !Jobs.isRunning(job) && (!job.state().equals("DONE") || job.failed() > 0);
    }

    /** Polls until {@code job} has ended; returns its last received state. */
    private Response<Job> awaitEnd(GatewayConnection gateway, Job job) {
        String id = job.id();
        errorScreen().line("Job " + id + " runs in the gateway. Ctrl-C leaves it running: ./kis jobs show " + id);
        // Without a terminal, one line per completed tenth.
        boolean terminal = kis.process().prompt().isPresent();
        long reportedTenths = -1;
        while (true) {
            Response<Job> response = gateway.get(JobCalls.job(id));
            if (!(response instanceof Response.Done<Job>(Job now, Received _, boolean _)) || !Jobs.isRunning(now)) {
                if (terminal) {
                    kis.process().err().print("\r\u001b[K");
                }
                return response;
            }
            long finished = now.done() + now.failed();
            long total = Math.max(1, now.total());
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
