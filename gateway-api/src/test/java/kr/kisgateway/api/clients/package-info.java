/** The generated part of the clients in other languages. */
@NullMarked
package kr.kisgateway.api.clients;

import org.jspecify.annotations.NullMarked;
