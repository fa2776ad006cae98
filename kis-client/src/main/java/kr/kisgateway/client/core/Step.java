package kr.kisgateway.client.core;

import java.util.List;

/** The effects of one input on a core, in this order. */
public record Step<E>(List<E> effects) {
    public Step {
        effects = List.copyOf(effects);
    }
}
