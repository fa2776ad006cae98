package kr.kisgateway.client.budget;

/** The outcome of requesting a call from the budget. */
public sealed interface Grant {
    /** The call may be made now. */
    record Granted(CallPermit permit) implements Grant {}

    /** The slot cannot come before the deadline, or too many wait already; nothing was spent. */
    record TimedOut() implements Grant {}
}
