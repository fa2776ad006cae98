/** The app keys of KIS, each with its client. */
@NullMarked
package kr.kisgateway.gateway.kis.auth;

import org.jspecify.annotations.NullMarked;
