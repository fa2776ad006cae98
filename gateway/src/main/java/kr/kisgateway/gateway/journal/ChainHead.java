package kr.kisgateway.gateway.journal;

import java.util.Arrays;

/**
 * Where the hash chain of a stream stands.
 *
 * @param seq position of the event
 * @param hash its hash, 32 bytes
 */
public record ChainHead(long seq, byte[] hash) {
    public ChainHead {
        hash = hash.clone();
    }

    @Override
    public byte[] hash() {
        return hash.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChainHead head && seq == head.seq && Arrays.equals(hash, head.hash);
    }

    @Override
    public int hashCode() {
        return 31 * Long.hashCode(seq) + Arrays.hashCode(hash);
    }
}
