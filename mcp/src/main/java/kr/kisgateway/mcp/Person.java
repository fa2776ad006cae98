package kr.kisgateway.mcp;

import java.util.Optional;

/**
 * The person behind an agent, as far as the agent's program lets them be asked.
 *
 * @param canBeAsked whether the program shows them questions
 * @param answer to the question of the call before this one
 * @param state of that question; empty when there was none
 */
record Person(boolean canBeAsked, Answer answer, Optional<String> state) {
    /** What they answered. */
    enum Answer {
        NONE,
        YES,
        NO
    }
}
