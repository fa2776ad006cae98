/**
 * The KIS-compatible face: a port on which existing KIS programs share the account with a virtual app key. {@code FaceCalls}
 * admits a call and finds what answers it: {@code FaceLogin} (tokens, approval keys), {@code FaceOrders} (the order desk) or
 * {@code Forwarder} (KIS, with the gateway's own credentials). {@code AccountMask} keeps the real account out of everything
 * that leaves.
 */
@NullMarked
package kr.kisgateway.gateway.face;

import org.jspecify.annotations.NullMarked;
