package kr.kisgateway.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import kr.kisgateway.api.error.ApiError;
import kr.kisgateway.gatewayclient.Received;
import kr.kisgateway.terminal.Screen;
import kr.kisgateway.terminal.SelfExplainedException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that sends requests to the gateway. */
@Command
abstract class GatewayCommand implements Callable<Integer> {
    /** Enough for any call that does not wait for the broker. */
    static final Duration DEFAULT_LIMIT = Duration.ofSeconds(10);

    /** The gateway itself waits 20 s for orders to end, and then for the broker's list. */
    static final Duration BROKER_LIMIT = Duration.ofSeconds(60);

    static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);
    /** Puts the cursor in the upper left corner and clears what is below it. */
    private static final String HOME = "\033[H\033[J";

    final Kis kis;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    GatewayCommand(Kis kis) {
        this.kis = kis;
    }

    /** Sends the request and displays the answer; returns the exit code. */
    abstract int run(GatewayConnection gateway);

    /** Time limit of one answer. */
    Duration limit() {
        return DEFAULT_LIMIT;
    }

    /** The common options that mean nothing to this command; it does not have them. */
    Set<String> withoutOptions() {
        return isMutating() ? Set.of("--watch") : Set.of();
    }

    @Override
    public final Integer call() {
        if (kis.json() && kis.csv()) {
            throw usageError("Use --json or --csv, not both");
        }
        CommandEnvironment process = kis.process();
        var address = kis.address();
        var base = address.base();
        var identity = kis.identity(base, isMutating() || needsOperator());
        if (address.isAssumed() && isMutating() && !kis.quiet()) {
            errorScreen().line("No gateway runs on the data folder of this place, so this goes to " + base + ".");
        }
        try (var gateway =
                new GatewayConnection(base, identity, kis.sslContext(), process.err(), process.pause(), limit())) {
            return kis.watch() ? repeat(gateway) : run(gateway);
        }
    }

    /** Runs it every two seconds until it fails. */
    private int repeat(GatewayConnection gateway) {
        if (isMutating()) { // one that changes something with some of its options only
            throw usageError("--watch repeats commands that change nothing; this one changes something");
        }
        while (true) {
            beginDrawing();
            int code = run(gateway);
            if (code != Kis.DONE || isReaderGone()) {
                return code;
            }
            kis.process().pause().accept(WATCH_INTERVAL);
        }
    }

    /** On a terminal, what is printed next stands in the place of what was printed before. */
    final void beginDrawing() {
        if (kis.process().width() != Screen.UNBOUNDED && !kis.json()) {
            out().print(HOME);
        }
    }

    /** Whether nothing reads what is printed any more, as after {@code | head}. */
    final boolean isReaderGone() {
        return out().checkError();
    }

    final Screen screen() {
        return new Screen(out(), kis.process().width());
    }

    final Screen errorScreen() {
        return new Screen(kis.process().err(), kis.process().width());
    }

    /**
     * Where a change is shown before it is confirmed. With {@code --quiet} that is nowhere, unless a person must answer.
     *
     * @param prompts whether the change is confirmed at the terminal
     */
    final Screen previewScreen(boolean prompts) {
        return kis.quiet() && !prompts
                ? new Screen(
                        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                        Screen.UNBOUNDED)
                : errorScreen();
    }

    private PrintStream out() {
        return kis.process().out();
    }

    /** A usage error. */
    final ParameterException usageError(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** A usage error: the change has no confirmation. */
    final ParameterException unconfirmed() {
        return new SelfExplainedException(spec.commandLine(), Confirmation.MISSING);
    }

    /** Displays a response, for people by {@code show}; returns the exit code. */
    final <A> int report(Response<A> response, Consumer<A> show) {
        return report(response, show, Optional.empty());
    }

    /** @param key idempotency key of the request, so that it can be repeated */
    final <A> int report(Response<A> response, Consumer<A> show, Optional<String> key) {
        return switch (response) {
            case Response.Done<A>(A answer, Received received, boolean isReplay) -> {
                if (kis.json()) {
                    out().println(Screen.printableJson(received.text()));
                } else if (kis.csv()) {
                    out().print(CsvText.of(received.text()));
                } else {
                    show.accept(answer);
                    if (isReplay) {
                        screen().line("(The gateway had done this before, for the same key.)");
                    }
                }
                yield Kis.DONE;
            }
            case Response.Refused<A>(ApiError error, Received received) -> {
                if (kis.json() && !kis.quiet()) {
                    out().println(Screen.printableJson(received.text()));
                } else {
                    Refusals.show(errorScreen(), error, key, orderId());
                }
                yield Kis.REFUSED;
            }
            case Response.NoAnswer<A>(String reason, boolean mayHaveArrived) -> {
                errorScreen().line(sentence(reason));
                if (mayHaveArrived && isMutating()) {
                    errorScreen()
                            .line(key.map(k ->
                                            "It is unknown whether the gateway did it. Repeat the command with --key "
                                                    + k + ": it cannot be done twice under one key.")
                                    .orElse("It is unknown whether the gateway did it: check before you repeat it."));
                } else {
                    errorScreen().line("Is it running (./kis run), and is this its address (--url, GATEWAY_URL)?");
                    errorScreen().line("할 일: 게이트웨이가 실행 중인지(./kis run), 주소(--url, GATEWAY_URL)가 맞는지 확인하세요.");
                }
                yield Kis.NOT_REACHED;
            }
        };
    }

    /**
     * Refuses the id of a parent order before anything is requested.
     *
     * @param command of {@code ./kis parents} that is meant
     */
    final void requireOrder(String id, String command) {
        if (id.startsWith("par_")) {
            throw usageError(id + " is a parent order: ./kis parents " + command + " " + id);
        }
    }

    /**
     * Refuses the id of an order where one of a parent order belongs.
     *
     * @param command of {@code ./kis orders} that is meant
     */
    final void requireParent(String id, String command) {
        if (id.startsWith("ord_")) {
            throw usageError(id + " is an order, not a parent order: ./kis orders " + command + " " + id);
        }
    }

    /** Displays why nothing was sent: a query before the change failed. */
    final <A> int reportUnsent(Response<A> response) {
        int code = report(
                response instanceof Response.NoAnswer<A>(String reason, boolean _)
                        ? new Response.NoAnswer<A>(reason, false)
                        : response,
                _ -> {});
        errorScreen().line("Nothing was sent.");
        return code;
    }

    /** The order of the command, if it has one. */
    Optional<String> orderId() {
        return Optional.empty();
    }

    /** Whether it requests a change. */
    boolean isMutating() {
        return false;
    }

    /** Whether it needs an operator although it changes nothing. */
    boolean needsOperator() {
        return false;
    }

    private static String sentence(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
