/** KIS's pushed feed: its sockets, the registrations, and what they report. */
@NullMarked
package kr.kisgateway.gateway.kis.stream;

import org.jspecify.annotations.NullMarked;
