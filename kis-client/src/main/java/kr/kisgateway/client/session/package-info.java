/**
 * The one WebSocket: {@code SessionCore} decides when it is opened and what it sends, {@code Frames} reads its messages, and
 * {@code RealtimeSession} owns the socket, the mailboxes of the listeners and the requests that fill gaps.
 */
@NullMarked
package kr.kisgateway.client.session;

import org.jspecify.annotations.NullMarked;
