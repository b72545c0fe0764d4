using Duende.IdentityModel;
using Duende.IdentityModel.Client;
using VerSemi.Domain;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Client;

/// <summary>A person signs in with any browser, on any machine, by a code (RFC 8628).</summary>
internal static class DeviceCode
{
    private static readonly TimeSpan SlowDown = TimeSpan.FromSeconds(5);

    /// <param name="tell">Told where to go and what to type there.</param>
    public static async Task<Credential> AskAsync(DeviceCodeView issuer, Action<string> tell, TimeProvider time, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        // Issuers may have their endpoints beside their address, as Entra ID has; who the issuer is, is checked all the same.
        using var request = new DiscoveryDocumentRequest { Address = issuer.Authority, Policy = { ValidateEndpoints = false } };
        var discovery = Sound(await http.GetDiscoveryDocumentAsync(request, cancellation), issuer);
        using var asked = new DeviceAuthorizationRequest
        {
            Address = discovery.DeviceAuthorizationEndpoint ?? throw new DomainException($"{issuer.Authority} gives no device codes. Use a static token."),
            ClientId = issuer.ClientId,
            ClientCredentialStyle = ClientCredentialStyle.PostBody,
            Scope = string.Join(' ', issuer.Scopes),
        };
        var code = Sound(await http.RequestDeviceAuthorizationAsync(asked, cancellation), issuer);
        tell(code.VerificationUriComplete is { } whole ? $"Open {whole} and compare the code {code.UserCode}." : $"Open {code.VerificationUri} and type the code {code.UserCode}.");
        return await WaitAsync(http, discovery.TokenEndpoint!, issuer, code, time, cancellation);
    }

    private static async Task<Credential> WaitAsync(HttpClient http, string endpoint, DeviceCodeView issuer, DeviceAuthorizationResponse code, TimeProvider time, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromSeconds(Math.Max(1, code.Interval));
        while (true)
        {
            await Task.Delay(pause, time, cancellation);
            using var request = new DeviceTokenRequest { Address = endpoint, ClientId = issuer.ClientId, ClientCredentialStyle = ClientCredentialStyle.PostBody, DeviceCode = code.DeviceCode! };
            var answer = await http.RequestDeviceTokenAsync(request, cancellation);
            if (!answer.IsError)
                return new Credential(answer.AccessToken!, answer.ExpiresIn > 0 ? time.GetUtcNow().AddSeconds(answer.ExpiresIn) : null);
            if (answer.Error == OidcConstants.TokenErrors.SlowDown)
                pause += SlowDown;
            else if (answer.Error != OidcConstants.TokenErrors.AuthorizationPending)
                throw new DomainException($"{issuer.Authority} did not sign you in: {answer.ErrorDescription ?? answer.Error}. Run the command again.");
        }
    }

    private static T Sound<T>(T answer, DeviceCodeView issuer) where T : ProtocolResponse =>
        answer.IsError ? throw new DomainException($"The issuer {issuer.Authority} cannot be asked: {answer.Error}") : answer;
}
