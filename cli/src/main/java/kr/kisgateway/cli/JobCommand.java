package kr.kisgateway.cli;

import java.time.Duration;
import kr.kisgateway.api.job.Job;
import kr.kisgateway.api.job.JobCalls;
import kr.kisgateway.gatewayclient.Received;
import kr.kisgateway.terminal.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A command that starts a job and shows its progress until it has ended. */
@Command
abstract class JobCommand extends GatewayCommand {
    private static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

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
        try (var bar = new ProgressBar(
                kis.process().err(),
                kis.process().prompt().isPresent(),
                kis.process().width(),
                kis.process().clock())) {
            while (true) {
                Response<Job> response = gateway.get(JobCalls.job(id));
                if (!(response instanceof Response.Done<Job>(Job now, Received _, boolean _)) || !Jobs.isRunning(now)) {
                    return response;
                }
                bar.show(Jobs.progress(now), now.done() + now.failed(), now.total());
                kis.process().pause().accept(POLL_INTERVAL);
            }
        }
    }
}
