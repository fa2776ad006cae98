package kr.kisgateway.mcp;

import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import kr.kisgateway.mcp.Person.Answer;

/**
 * Questions to people that are open: an agent of the handshake revision gets one within the answer to its call, and sends the
 * person's answer in a message of its own. Safe for any number of threads.
 */
final class Questions {
    private static final int OPEN_MAX = 100;
    /** Of one caller, so that it leaves some to others. */
    private static final int OF_CALLER_MAX = 10;

    private static final int ID_BYTES = 16;
    /** How often it is checked that the agent can still be reached. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    /** @param caller who was asked */
    private record Open(String caller, CompletableFuture<Answer> answer) {
        private boolean isOpen() {
            return !answer.isDone();
        }

        private void await(Duration limit) throws InterruptedException, ExecutionException {
            try {
                answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Not answered yet.
            }
        }
    }

    /** @param random a cryptographically strong source */
    Questions(RandomGenerator random) {
        this.random = random;
    }

    /** Opens a question to the person behind {@code caller}; empty when too many are open. */
    Optional<String> ask(String caller) {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        var id = HexFormat.of().formatHex(bytes);
        open.put(id, new Open(caller, new CompletableFuture<>()));
        long ofCaller =
                open.values().stream().filter(it -> it.caller().equals(caller)).count();
        if (open.size() > OPEN_MAX || ofCaller > OF_CALLER_MAX) {
            open.remove(id);
            return Optional.empty();
        }
        return Optional.of(id);
    }

    /** Takes an answer; one to no open question of {@code caller} has no effect. */
    void answered(String id, String caller, Answer answer) {
        var question = open.get(id);
        if (question != null && question.caller().equals(caller)) {
            question.answer().complete(answer);
        }
    }

    /**
     * Waits for the answer and closes the question; {@link Answer#NONE} when none came in time, or the agent is gone.
     *
     * @param isConnected whether the agent can be reached; a yes counts only where it can
     */
    Answer await(String id, Duration limit, BooleanSupplier isConnected) {
        var question = open.get(id);
        if (question == null) {
            return Answer.NONE;
        }
        try {
            // Counted in intervals, not by a clock that can be set.
            for (var left = limit;
                    question.isOpen() && left.isPositive() && isConnected.getAsBoolean();
                    left = left.minus(CHECK_INTERVAL)) {
                question.await(CHECK_INTERVAL);
            }
            var answer = question.answer().getNow(Answer.NONE);
            return answer == Answer.YES && !isConnected.getAsBoolean() ? Answer.NONE : answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.NONE;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is a value", e);
        } finally {
            close(id);
        }
    }

    /** Closes the question without an answer. */
    void close(String id) {
        open.remove(id);
    }
}
