package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.ListIterator;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import kr.kisgateway.simulator.entity.Change;

/** Collects the output of one step. Answers go before pushes: a notice follows the answer of its order unless a fault is on. */
final class StepOutput {
    private final List<Change> changes = new ArrayList<>();
    private final List<Effect> answers = new ArrayList<>();
    private final List<Effect> pushes = new ArrayList<>();

    void save(Change change) {
        changes.add(change);
    }

    void answer(Effect effect) {
        answers.add(effect);
    }

    void push(long session, String text) {
        pushes.add(new Effect.Push(List.of(session), text));
    }

    void push(List<Long> sessions, String text) {
        pushes.add(new Effect.Push(sessions, text));
    }

    void addEffect(Effect effect) {
        pushes.add(effect);
    }

    /** Corrupts plain data frames, and drops frames to half-open sessions. */
    void filterFrames(UnaryOperator<String> corrupt, Predicate<Long> mute, boolean anyMute) {
        for (ListIterator<Effect> each = pushes.listIterator(); each.hasNext(); ) {
            if (each.next() instanceof Effect.Push(List<Long> sessions, String text)) {
                List<Long> receivers =
                        anyMute ? sessions.stream().filter(mute.negate()).toList() : sessions;
                if (receivers.isEmpty()) {
                    each.remove();
                } else if (text.startsWith("0|")) {
                    each.set(new Effect.Push(receivers, corrupt.apply(text)));
                } else if (anyMute) {
                    each.set(new Effect.Push(receivers, text));
                }
            }
        }
    }

    Step step() {
        List<Effect> effects = new ArrayList<>(answers.size() + pushes.size());
        effects.addAll(answers);
        effects.addAll(pushes);
        return new Step(changes, effects);
    }
}
