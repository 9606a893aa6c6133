import { seed } from "verso";
import { crawl_jobs, images, projects } from "../crawling.ts";
import { export_jobs, validation_jobs } from "../delivery.ts";
import { activity_logs, profiles } from "../people.ts";

export const demoProfiles = seed(profiles, {
  environments: ["demo"],
  key: ["email"],
  rows: {
    demo: {
      id: "50000000-0000-4000-8000-000000000001",
      email: "demo@pixcrawler.example",
      full_name: "Demo",
      settings: { notify: "failed" },
    },
  },
});

export const demoActivityLogs = seed(activity_logs, {
  environments: ["demo"],
  key: ["resource_id", "action"],
  rows: {
    created: {
      user_id: demoProfiles.rows.demo.id,
      action: "project.created",
      resource_type: "project",
      resource_id: "50000000-0000-4000-8000-0000000000b1",
    },
  },
});

export const demoProjects = seed(projects, {
  environments: ["demo"],
  key: ["user_id", "name"],
  rows: {
    redPandas: {
      id: "50000000-0000-4000-8000-0000000000b1",
      user_id: demoProfiles.rows.demo.id,
      name: "Red pandas",
      description: "A first data set to look at",
    },
  },
});

export const demoCrawlJobs = seed(crawl_jobs, {
  environments: ["demo"],
  key: ["project_id", "name"],
  rows: {
    firstCrawl: {
      id: "50000000-0000-4000-8000-0000000000c1",
      project_id: demoProjects.rows.redPandas.id,
      name: "First crawl",
      keywords: ["red panda", "firefox animal"],
      max_images: 100,
      status: "completed",
      total_chunks: 4,
      completed_chunks: 3,
      failed_chunks: 1,
      started_at: "2026-01-01 10:00:00+00",
      completed_at: "2026-01-01 10:20:00+00",
    },
    moreOfThem: {
      id: "50000000-0000-4000-8000-0000000000c2",
      project_id: demoProjects.rows.redPandas.id,
      name: "More of them",
      keywords: ["ailurus"],
      max_images: 500,
    },
  },
});

export const demoExportJobs = seed(export_jobs, {
  environments: ["demo"],
  key: ["crawl_job_id", "format"],
  rows: {
    zip: {
      id: "50000000-0000-4000-8000-0000000000e1",
      crawl_job_id: demoCrawlJobs.rows.firstCrawl.id,
      user_id: demoProfiles.rows.demo.id,
      format: "zip",
      status: "completed",
      progress: 100,
      download_url: "https://dl.example/demo.zip",
      byte_size: 300006n,
      expires_at: "2026-11-28 17:40:42.972+00",
    },
  },
});

export const demoImages = seed(images, {
  environments: ["demo"],
  key: ["crawl_job_id", "url"],
  rows: {
    panda1: {
      crawl_job_id: demoCrawlJobs.rows.firstCrawl.id,
      url: "https://img.example/panda-1.jpg",
      storage_path: "demo/panda-1.jpg",
      filename: "panda-1.jpg",
      byte_size: 100001n,
      width: 800,
      height: 600,
      format: "jpeg",
    },
    panda3: {
      crawl_job_id: demoCrawlJobs.rows.firstCrawl.id,
      url: "https://img.example/panda-3.jpg",
      storage_path: "demo/panda-3.jpg",
      filename: "panda-3.jpg",
      byte_size: 100003n,
      width: 800,
      height: 600,
      format: "jpeg",
    },
    panda2: {
      crawl_job_id: demoCrawlJobs.rows.firstCrawl.id,
      url: "https://img.example/panda-2.jpg",
      storage_path: "demo/panda-2.jpg",
      filename: "panda-2.jpg",
      byte_size: 100002n,
      width: 800,
      height: 600,
      format: "jpeg",
    },
  },
});

export const demoValidationJobs = seed(validation_jobs, {
  environments: ["demo"],
  key: ["crawl_job_id"],
  rows: {
    sizes: {
      id: "50000000-0000-4000-8000-0000000000d1",
      crawl_job_id: demoCrawlJobs.rows.firstCrawl.id,
      status: "completed",
      progress: 100,
      rules: { formats: ["jpeg"], min_width: 320 },
      valid_images: 3,
    },
  },
});
