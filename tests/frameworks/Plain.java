package plain;

import java.security.Principal;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** What Spring Boot makes of its properties alone: an API, a login, and a client that acts for itself. */
@SpringBootApplication
@RestController
public class Plain {
    public static void main(String[] arguments) {
        SpringApplication.run(Plain.class, arguments);
    }

    @GetMapping("/who")
    String who(Principal caller) {
        return caller.getName();
    }

    @GetMapping("/machine")
    String machine(@RegisteredOAuth2AuthorizedClient("machine") OAuth2AuthorizedClient client) {
        return client.getAccessToken().getTokenValue();
    }
}
