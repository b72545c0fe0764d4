using System.CommandLine;
using VerSemi.Cli.Client;
using VerSemi.Cli.Hosting;
using VerSemi.Cli.Output;
using VerSemi.Orchestrator.Api;

namespace VerSemi.Cli.Commands;

/// <summary>`versemi withdraw NAME --why TEXT`, which erases a case or a patient, and `versemi withdrawals [ID]`, which shows what was.</summary>
internal static class WithdrawCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A case, as case or dataset/case, or a patient" };
        var why = new Option<string>("--why") { Description = "The reason, kept with the record; name no person in it", Required = true };
        var dataset = new Option<string?>("--dataset") { Description = "Where the case is; of a patient, the only dataset to erase in" };
        var patient = new Option<bool>("--patient") { Description = "NAME is a patient: all cases, in every dataset unless --dataset names one" };
        var command = new Command("withdraw", "Erase a case, or all of a patient, everywhere, and name the models that saw it") { name, why, dataset, patient };
        command.SetAction(async (parsed, cancellation) =>
        {
            // Where no platform runs, this process takes in and erases, and trains nothing.
            await using var session = await Ask.OpenAsync(parsed, new HostPlan("withdraw", Workers: false, Ingest: true), cancellation);
            var request = new Withdraw(parsed.GetValue(name)!, Ask.Who, parsed.GetValue(why), parsed.GetValue(dataset), parsed.GetValue(patient));
            var asked = await session.Api.PostAsync<WithdrawalView>(Routes.Withdrawals, request, cancellation);
            Show(Out.Of(parsed), await DoneAsync(session.Api, asked, cancellation));
            return ExitCodes.Ok;
        });
        return command;
    }

    public static Command CreateList()
    {
        var id = new Argument<string?>("ID") { Description = "A withdrawal: what was erased, and which models saw it", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("withdrawals", "What was withdrawn, when and why") { id };
        command.SetQuestion(async (api, parsed, output, cancellation) =>
        {
            if (parsed.GetValue(id) is { } one)
                Show(output, await api.GetAsync<WithdrawalView>(Routes.Withdrawal(Uri.EscapeDataString(one)), cancellation));
            else
                output.Table("Withdrawals", await api.GetAsync<IReadOnlyList<WithdrawalView>>(Routes.Withdrawals, cancellation),
                    ("withdrawal", w => w.Id), ("of", Of), ("who", w => w.Who), ("why", w => w.Why), ("asked", w => w.CreatedAt), ("done", w => w.DoneAt), ("models", w => w.Models));
        });
        return command;
    }

    private static async Task<WithdrawalView> DoneAsync(ApiClient api, WithdrawalView asked, CancellationToken cancellation)
    {
        while (asked.DoneAt is null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            asked = await api.GetAsync<WithdrawalView>(Routes.Withdrawal(asked.Id), cancellation);
        }
        return asked;
    }

    private static void Show(Out output, WithdrawalView withdrawal)
    {
        if (output.IsJson)
        {
            Out.Json(withdrawal);
            return;
        }
        output.Facts($"withdrawal {withdrawal.Id}", ("of", Of(withdrawal)), ("who", withdrawal.Who), ("why", withdrawal.Why), ("asked", withdrawal.CreatedAt), ("done", withdrawal.DoneAt));
        output.Table("Erased", withdrawal.Erased, ("blob", path => path));
        output.Table("Models that saw it", withdrawal.Models.Select(model => model.Split(": ", 2)), ("model", model => model[0]), ("how", model => model[^1]));
    }

    private static string Of(WithdrawalView w) => w.Case is { } named ? $"case {w.Dataset}/{named}" : $"patient {w.Patient}, {w.Dataset ?? "every dataset"}";
}
