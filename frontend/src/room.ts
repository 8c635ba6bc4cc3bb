/** The alive pages: the trainee's test and the proctor's room. */
import "./room.css";
import "./elements/test-client/test-client";
import "./elements/proctor-room/proctor-room";
