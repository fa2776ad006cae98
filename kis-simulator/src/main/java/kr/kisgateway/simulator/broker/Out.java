package kr.kisgateway.simulator.broker;

import java.util.ArrayList;
import java.util.List;

/** What one step collects. Answers go before pushes: a notice follows the answer of its order unless a fault says not. */
final class Out {
    private final List<Change> changes = new ArrayList<>();
    private final List<Effect> answers = new ArrayList<>();
    private final List<Effect> pushes = new ArrayList<>();

    void keep(Change change) {
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

    void then(Effect effect) {
        pushes.add(effect);
    }

    Step step() {
        List<Effect> effects = new ArrayList<>(answers.size() + pushes.size());
        effects.addAll(answers);
        effects.addAll(pushes);
        return new Step(changes, effects);
    }
}
