package kr.kisgateway.client.master;

/** The outcome of asking for a master file. */
public sealed interface MasterReply {
    /** There is one: today's, or the last good one with the reason why it is not today's. */
    record Ok(MasterCopy copy) implements MasterReply {}

    /** There is none: it could not be downloaded, and no good copy was ever kept. */
    record Failed(MasterFailure failure) implements MasterReply {}
}
