package kr.kisgateway.client.core;

import java.util.List;

/** What a core wants done after one input, in this order. */
public record Step<E>(List<E> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
