/** The versions of the API and how much each is used. */
@NullMarked
package kr.kisgateway.api.version;

import org.jspecify.annotations.NullMarked;
