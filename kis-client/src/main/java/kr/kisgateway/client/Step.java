package kr.kisgateway.client;

import java.util.List;

/** What a core wants done after one input, in this order. */
record Step<E>(List<E> effects) {
    Step {
        effects = List.copyOf(effects);
    }
}
