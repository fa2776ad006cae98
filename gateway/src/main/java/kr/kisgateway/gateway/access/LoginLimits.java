package kr.kisgateway.gateway.access;

import java.time.Duration;

/**
 * How long a login lasts.
 *
 * @param idle after its last call
 * @param max after it was made, whatever its calls
 */
public record LoginLimits(Duration idle, Duration max) {
    /** Of programs that make no logins. */
    public static final LoginLimits NONE = new LoginLimits(Duration.ZERO, Duration.ZERO);
}
