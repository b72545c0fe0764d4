using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using VerSemi.Orchestrator;
using VerSemi.Orchestrator.Access;
using VerSemi.Orchestrator.Api;
using VerSemi.TestKit;
using VerSemi.TestKit.Servers;

namespace VerSemi.IntegrationTests.Orchestrator.Access;

/// <summary>The keys that protect sessions, as they lie in the database and in its backups.</summary>
public sealed class KeysAtRestTests : IDisposable
{
    private const string Passphrase = "correct horse battery staple";

    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Ways => ["passphrase", "pfx", "pem"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Encrypted_they_serve_every_replica_and_nobody_who_reads_the_database(string way)
    {
        var configure = Configure(way);
        await using var first = await GuardedPlatform.StartAsync(_folder, configure);
        using var browser = await SignedInAsync(first);
        await using var second = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => { options.Tokens = true; configure(options); } });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second, browser));

        var stolen = await StolenKeys.FromAsync(first.Platform);
        Assert.All(stolen.Rows, row => Assert.DoesNotContain("masterKey", row, StringComparison.Ordinal));
        Assert.NotEmpty(stolen.Rows);
        Assert.ThrowsAny<Exception>(() => stolen.Sign("mallory", Role.Admin, SignIn.Token, first.TokenOf(Role.Admin).Split('_')[1]));
    }

    [Fact]
    public async Task With_another_passphrase_people_sign_in_again()
    {
        Browser browser;
        await using (var first = await GuardedPlatform.StartAsync(_folder, options => options.Keys.Passphrase = Passphrase))
            browser = await SignedInAsync(first);
        await using var second = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => (options.Tokens, options.Keys.Passphrase) = (true, Passphrase + "!") });
        using (browser)
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(second, browser));
        using var page = await second.Http.GetAsync(SignInPages.Login, Stop);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    [Fact]
    public async Task Keys_that_lay_there_in_the_clear_are_neither_used_nor_kept_once_a_passphrase_is_set()
    {
        StolenKeys stolen;
        string token;
        await using (var open = await GuardedPlatform.StartAsync(_folder))
            (stolen, token) = (await StolenKeys.FromAsync(open.Platform), open.TokenOf(Role.Admin).Split('_')[1]);
        var forged = stolen.Sign("the admin", Role.Admin, SignIn.Token, token);
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => (options.Tokens, options.Keys.Passphrase) = (true, Passphrase) });

        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(platform, forged));
        Assert.Empty(stolen.Rows.Intersect((await StolenKeys.FromAsync(platform)).Rows));
    }

    [Fact]
    public async Task A_key_that_was_written_into_the_database_with_an_encryption_that_is_none_is_not_believed()
    {
        string token;
        await using (var clear = await GuardedPlatform.StartAsync(_folder))
        {
            token = clear.TokenOf(Role.Admin).Split('_')[1];
            await clear.Platform.InDatabaseAsync(async db =>
            {
                foreach (var row in db.ProtectionKeys)
                    row.Xml = Disguised(row.Xml);
                return await db.SaveChangesAsync(Stop);
            });
        }
        await using var platform = await TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = options => (options.Tokens, options.Keys.Passphrase) = (true, Passphrase) });
        var planted = new StolenKeys((await StolenKeys.FromAsync(platform)).Rows);
        Assert.All(planted.Rows, row => Assert.DoesNotContain(nameof(NullXmlDecryptor), row, StringComparison.Ordinal));
        Assert.NotEmpty(token);
    }

    [Fact]
    public async Task On_PostgreSQL_keys_without_encryption_are_warned_of()
    {
        await using var server = await PostgresServer.StartAsync(cancellation: Stop);
        var database = await server.CreateDatabaseAsync(cancellation: Stop);
        Assert.Contains(await WarningsAsync(_ => { }), line => line.Contains("Access:Keys:Passphrase", StringComparison.Ordinal));
        Assert.DoesNotContain(await WarningsAsync(options => options.Keys.Passphrase = Passphrase), line => line.Contains("unencrypted", StringComparison.Ordinal));

        async Task<IReadOnlyCollection<string>> WarningsAsync(Action<AccessOptions> access)
        {
            using var warnings = new Warnings();
            await using var platform = await TestPlatform.StartAsync(_folder, new()
            {
                Trainer = false,
                Services = services => services.AddLogging(logging => logging.AddProvider(warnings)),
                Configure = options => (options.Database.Engine, options.Database.ConnectionString) = (DatabaseOptions.Postgres, database),
                Access = options =>
                {
                    options.Tokens = true;
                    access(options);
                }
            });
            return warnings.Lines;
        }
    }

    [Fact]
    public async Task What_cannot_encrypt_is_refused_at_start_and_no_secret_is_told()
    {
        File.WriteAllText(_folder["none.pem"], "no certificate");
        MakeCertificate(_folder["right.pfx"], "right");
        foreach (var (configure, faults) in new (Action<AccessOptions>, int)[]
        {
            (options => (options.Keys.Passphrase, options.Keys.Certificate) = ("s3cret", _folder["missing.pfx"]), 3),
            (options => (options.Keys.Certificate, options.Keys.CertificatePassword) = (_folder["right.pfx"], "s3cret"), 1),
            (options => options.Keys.Certificate = _folder["none.pem"], 1),
            (options => options.Keys.CertificatePassword = "s3cret", 1),
        })
        {
            var error = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPlatform.StartAsync(_folder, new() { Trainer = false, Access = configure }));
            Assert.Equal(faults, error.Failures.Count());
            Assert.All(error.Failures, failure => Assert.StartsWith("Access:Keys", failure, StringComparison.Ordinal));
            Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
        }
    }

    private Action<AccessOptions> Configure(string way)
    {
        switch (way)
        {
            case "passphrase":
                return options => options.Keys.Passphrase = Passphrase;
            case "pfx":
                MakeCertificate(_folder["keys.pfx"], "secret");
                return options => (options.Keys.Certificate, options.Keys.CertificatePassword) = (_folder["keys.pfx"], "secret");
            case "pem":
                MakeCertificate(_folder["keys.pem"], null);
                return options => options.Keys.Certificate = _folder["keys.pem"];
            default:
                throw new ArgumentOutOfRangeException(nameof(way), way, null);
        }
    }

    private static void MakeCertificate(string file, string? password)
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=versemi keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        if (password is not null)
            File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        else
            File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>As ASP.NET itself would store it without encryption, if it were asked to encrypt.</summary>
    private static string Disguised(string xml)
    {
        var key = System.Xml.Linq.XElement.Parse(xml);
        var secret = key.Descendants().First(element => element.Name.LocalName == "masterKey");
        System.Xml.Linq.XNamespace names = "http://schemas.asp.net/2015/03/dataProtection";
        secret.ReplaceWith(new System.Xml.Linq.XElement(names + "encryptedSecret", new System.Xml.Linq.XAttribute("decryptorType", typeof(NullXmlDecryptor).AssemblyQualifiedName!),
            new System.Xml.Linq.XElement("unencryptedKey", secret)));
        return key.ToString();
    }

    private static async Task<Browser> SignedInAsync(GuardedPlatform guarded)
    {
        var browser = new Browser(guarded.Http.BaseAddress!);
        var (_, page) = await browser.GoAsync(SignInPages.Login);
        Assert.Equal(HttpStatusCode.Redirect, (await browser.SubmitAsync(SignInPages.Login, page, ("token", guarded.TokenOf(Role.Admin)))).Status);
        return browser;
    }

    private static Task<HttpStatusCode> StatusAsync(TestPlatform platform, Browser browser) =>
        StatusAsync(platform, browser.Cookies.Single(cookie => cookie.Name == Sessions.CookieName).Value);

    private static async Task<HttpStatusCode> StatusAsync(TestPlatform platform, string session)
    {
        using var http = new HttpClient(new HttpClientHandler { UseCookies = false }) { BaseAddress = platform.Http.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, Routes.Me);
        request.Headers.Add("Cookie", $"{Sessions.CookieName}={session}");
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Lines.Enqueue(formatter(state, exception));
        }
        public void Dispose()
        {
        }
    }
}
