package kr.kisgateway.client.master;

/** The outcome of a request for a master file. */
public sealed interface MasterReply {
    /** A copy: today's, or the last good one with the reason why it is not today's. */
    record Ok(MasterCopy copy) implements MasterReply {}

    /** No copy: it could not be downloaded, and no good copy was ever stored. */
    record Failed(MasterFailure failure) implements MasterReply {}
}
