package kr.kisgateway.client;

/** What became of asking the budget for a call. */
public sealed interface Grant {
    /** The call may be made now. */
    record Granted(Permit permit) implements Grant {}

    /** The slot cannot come before the deadline, or too many wait already; nothing was spent. */
    record TimedOut() implements Grant {}
}
