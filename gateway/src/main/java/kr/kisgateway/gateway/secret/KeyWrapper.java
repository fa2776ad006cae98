package kr.kisgateway.gateway.secret;

import java.security.SecureRandom;

/** A service or device that encrypts the master key under a key that never leaves it. */
interface KeyWrapper {
    byte[] wrap(byte[] clear, SecureRandom random) throws SecretException;

    /** What {@link #wrap} was called with; fails for anything else. */
    byte[] unwrap(byte[] wrapped) throws SecretException;

    /** The key that encrypts, for messages and the file; without secrets. */
    String label();
}
