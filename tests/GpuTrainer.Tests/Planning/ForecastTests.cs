namespace VerSemi.GpuTrainer.Tests.Planning;

public class ForecastTests
{
    [Fact]
    public async Task The_forecast_of_a_planned_training_is_within_a_quarter_of_its_peak_memory_and_its_first_estimate_of_time_is_no_factor_of_four_off()
    {
        var measured = await ProbeProcess.RunAsync($"{typeof(TrainingProbe).FullName}.{nameof(TrainingProbe.Measure)}", "48", TestContext.Current.CancellationToken);
        var (forecast, taken, estimate, seconds) = (measured[0], measured[1], measured[2], measured[3]);

        Assert.InRange(forecast / taken, 0.75, 1.25);
        Assert.InRange(estimate / seconds, 0.25, 4);
    }
}
